import { readFile, rename, writeFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process'
import type { HeldIngressesMemory } from '../edge-gate.ts'

/** The memory of what is held back, in this file. */
export const heldIngressesIn = (path: string): HeldIngressesMemory => ({
  async read() {
    const { refused, rules } = JSON.parse(await textOf(path))
    return { refused: new Map(refused), rules: new Map(rules) }
  },
  async write({ refused, rules }) {
    await writeFile(`${path}.part`, JSON.stringify({ refused: [...refused], rules: [...rules] }))
    await rename(`${path}.part`, path)
  },
})

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    return '{"refused":[],"rules":[]}'
  }
}
