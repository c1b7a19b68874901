import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { hasCode, writeLastingFile } from '@reckon/process'
import type { ClusterFile } from './cluster-file.ts'
import type { Layout } from './layout.ts'
import { joinedUsers, natsConfiguration, natsUsers } from './nats-configuration.ts'
import { Turns } from './turns.ts'
import { isWireSecured } from './wire-of-cluster.ts'

/** Writes which users nats-server has. Replaced at once: a server that reads it again finds it whole. */
export async function writeNatsConfiguration(layout: Layout, cluster: ClusterFile): Promise<void> {
  const users = [...natsUsers(cluster), ...joinedUsers(await joinedNodesIn(layout))]
  const tls = { certificate: layout.certificate('nats'), key: layout.key('nats') }
  const text = natsConfiguration(users, isWireSecured(cluster) ? tls : undefined)
  await writeLastingFile(layout.natsConfiguration, text)
}

/** Writes it again whenever other nodes are let in, until the signal aborts. */
export function keepNatsConfiguration(
  layout: Layout,
  cluster: ClusterFile,
  signal: AbortSignal,
): void {
  const turns = new Turns()
  watch(dirname(layout.joinedNodes), { signal }, (_, changed) => {
    if (changed !== basename(layout.joinedNodes)) return
    void turns.take('write', () => writeNatsConfiguration(layout, cluster))
  })
}

async function joinedNodesIn({ joinedNodes }: Layout): Promise<{ node: string; key: string }[]> {
  try {
    return JSON.parse(await readFile(joinedNodes, 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}
