import { readFile } from 'node:fs/promises'
import { hasCode, writeLastingFile } from '@reckon/process'
import type { WireAccess } from './wire-access.ts'

/** Writes the nodes with access to a file, from which the supervisor configures the users of nats-server. */
export const wireAccessFile = (path: string): WireAccess => ({
  async replace(nodes) {
    const text = `${JSON.stringify(nodes, null, 2)}\n`
    if ((await textIn(path)) !== text) await writeLastingFile(path, text)
  },
})

async function textIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
