import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const digits = 8

export const segmentPath = (folder: string, number: number): string =>
  join(folder, `${String(number).padStart(digits, '0')}.segment`)

/** The numbers of the segment files in a folder, oldest first; none where the folder is absent. */
export async function segmentNumbers(folder: string): Promise<number[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return files
    .flatMap((file) => /^(\d{8})\.segment$/.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}
