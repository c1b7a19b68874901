import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process/error-code'
import type { Layout } from '../layout.ts'

/** The machines that are let in, as the replicator told last: their nodes, and the key by which each is known. */
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
