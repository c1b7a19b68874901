import { realpath, stat } from 'node:fs/promises'
import { writeLastingFile } from '@reckon/process'

/** Puts this in place of what a file holds, whole or not at all. It keeps its mode, and a link to it stays one. */
export async function rewriteFile(link: string, content: string): Promise<void> {
  const path = await realpath(link)
  const { mode } = await stat(path)
  await writeLastingFile(path, content, mode & 0o777)
}
