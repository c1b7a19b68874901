import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ClusterSettings } from '@reckon/domain'
import { hasCode } from '@reckon/process/error-code'
import type { Layout } from '../layout.ts'
import type { Replicas } from './replicas.ts'

export type Runtime = 'docker' | 'simulated'

/**
 * What is decided when a cluster is first started on a machine, and stays. Readable by its owner only, because it holds
 * the passwords.
 */
export type ClusterFile = {
  id: string
  ports: {
    api: number
    eventStore: number
    nats: number
    ingressHttp: number
    ingressHttps: number
    registry: number
  }
  nodes: number
  /** The founding settings; from then on those in the log count. Absent in clusters that are older than this field. */
  settings?: ClusterSettings
  runtime: Runtime
  dockerHost: string
  /** Where containers' logs are linked, as in a kubelet's `/var/log`; absent: in each agent's own folder. */
  logDir?: string
  /** The address of this machine at which others reach api and NATS; absent: only this machine can. */
  advertise?: string
  /** How much memory the pods of each node may use together; absent: all of the machine's. */
  memoryCapacity?: string
  /** The eviction threshold for memory, in a kubelet's syntax; absent: the agent's default. */
  evictionHard?: string
  replicas?: Replicas
  /** How long an agent may be silent; absent: the replicator's default. */
  nodeGraceSeconds?: number
  /** The user's own event store or NATS, instead of the embedded ones. */
  eventStoreUrl?: string
  natsUrl?: string
  passwords: Record<string, string>
}

/** The cluster of a data directory; undefined where there is none yet. */
export async function readClusterFile(layout: Layout): Promise<ClusterFile | undefined> {
  try {
    return JSON.parse(await readFile(layout.clusterFile, 'utf8')) as ClusterFile
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw new Error(`${layout.clusterFile} cannot be read; "reckon reset" starts anew`, {
      cause: error,
    })
  }
}

/** Writes it atomically. */
export async function writeClusterFile(layout: Layout, cluster: ClusterFile): Promise<void> {
  await mkdir(dirname(layout.clusterFile), { recursive: true, mode: 0o700 })
  const draft = `${layout.clusterFile}.new`
  await writeFile(draft, `${JSON.stringify(cluster, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, layout.clusterFile)
}

/** `node-1`, `node-2`, … */
export const nodeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `node-${index + 1}`)
