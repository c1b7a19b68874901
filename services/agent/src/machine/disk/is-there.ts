import { stat } from 'node:fs/promises'
import { hasCode } from '@reckon/process'

/** Whether a path exists, following links. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
