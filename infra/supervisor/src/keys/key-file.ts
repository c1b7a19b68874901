import { access, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process'

/** Creates a key file if there is none, readable by its owner only. It is completely on disk before it is used. */
export async function ensureKeyFile(path: string, draw: () => string | Uint8Array): Promise<void> {
  if (await exists(path)) return
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(draw())
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
