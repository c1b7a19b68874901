import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process'
import type { FoundingMemory } from './founding.ts'

/** Remembers the founding in a file that holds the cluster's id. */
export const foundingFile = (path: string): FoundingMemory => ({
  async recall() {
    try {
      return (await readFile(path, 'utf8')).trim()
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    }
  },
  async remember(cluster) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${cluster}\n`)
  },
})
