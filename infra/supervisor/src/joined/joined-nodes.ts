import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process/error-code'
import type { Layout } from '../layout.ts'

/** The nodes with access to the wire, as last written by the replicator, with their keys. */
export async function joinedNodesIn({
  joinedNodes,
}: Pick<Layout, 'joinedNodes'>): Promise<{ node: string; key: string }[]> {
  try {
    return JSON.parse(await readFile(joinedNodes, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}
