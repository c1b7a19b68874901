import { realpath, stat } from 'node:fs/promises'
import { writeLastingFile } from '@reckon/process'

/** Replaces the content of a file atomically. Its mode stays, and a symbolic link to it stays one. */
export async function rewriteFile(link: string, content: string): Promise<void> {
  const path = await realpath(link)
  const { mode } = await stat(path)
  await writeLastingFile(path, content, mode & 0o777)
}
