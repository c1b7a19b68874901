import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { KeyedMutex, writeLastingFile } from '@reckon/process'
import { joinedNodesIn } from '../joined/joined-nodes.ts'
import type { Layout } from '../layout.ts'
import type { ProcessReporter } from '../processes/process-reporter.ts'
import type { ClusterFile } from './cluster-file.ts'
import { joinedUsers, natsConfiguration, natsUsers } from './nats-configuration.ts'
import { isWireSecured } from './wire-of-cluster.ts'

const againAfterMs = 5_000

/** Writes the configuration of nats-server atomically, because the server may be reading it again. */
export async function writeNatsConfiguration(layout: Layout, cluster: ClusterFile): Promise<void> {
  const users = [...natsUsers(cluster), ...joinedUsers(await joinedNodesIn(layout))]
  const tls = { certificate: layout.certificate('nats'), key: layout.key('nats') }
  const text = natsConfiguration(users, isWireSecured(cluster) ? tls : undefined)
  await writeLastingFile(layout.natsConfiguration, text)
}

/**
 * Writes it now and whenever the nodes with access change, until the signal aborts; failures are reported and retried.
 */
export function keepNatsConfiguration(
  layout: Layout,
  cluster: ClusterFile,
  { report, signal }: { report: ProcessReporter; signal: AbortSignal },
): void {
  const writing = new KeyedMutex()
  const write = async (): Promise<void> => {
    try {
      await writing.run('write', () => writeNatsConfiguration(layout, cluster))
    } catch (error) {
      const why = error instanceof Error ? error.message : error
      report('nats', `its users could not be written: ${why}`)
      await after(againAfterMs, undefined, { signal, ref: false }).catch(() => {})
      if (!signal.aborted) void write()
    }
  }
  watch(dirname(layout.joinedNodes), { signal }, (_, changed) => {
    if (changed === basename(layout.joinedNodes)) void write()
  })
  // A change may have happened before the watch began.
  void write()
}
