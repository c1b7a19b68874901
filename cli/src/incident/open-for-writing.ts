import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process/error-code'

/** Opens a file that only its owner may read; throws why it cannot be written, in words for the user who named it. */
export async function openForWriting(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w', 0o600)
  } catch (error) {
    throw new Error(`${file} cannot be written: ${whyOf(error, file)}`, { cause: error })
  }
}

function whyOf(error: unknown, file: string): string {
  if (hasCode(error, 'ENOENT')) return `there is no folder ${dirname(file)}`
  if (hasCode(error, 'ENOTDIR')) return `${dirname(file)} is no folder`
  if (hasCode(error, 'EISDIR')) return 'it is a folder'
  if (hasCode(error, 'EACCES')) return 'you have no right to write there'
  return error instanceof Error ? error.message : String(error)
}
