import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ClusterSettings } from '@reckon/domain'
import { hasCode } from '@reckon/process/error-code'
import type { Layout } from '../layout.ts'
import type { Replicas } from './replicas.ts'

export type Runtime = 'docker' | 'simulated'

/**
 * What is decided when a cluster is first started on a machine and stays so. Readable by its owner only: it holds the
 * passwords.
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
  /** What the cluster is founded with; from then on its log tells. Absent where it was founded before this was kept. */
  settings?: ClusterSettings
  runtime: Runtime
  dockerHost: string
  /** Below which containers' logs are linked, as below a kubelet's `/var/log`; absent: in each agent's own folder. */
  logDir?: string
  /** The address of this machine under which others reach api and NATS; absent: both are for this machine alone. */
  advertise?: string
  /** What the pods of each node may use of memory together; absent: all that the machine has. */
  memoryCapacity?: string
  /** How much memory must be left, in a kubelet's words; absent: the agent's own measure. */
  evictionHard?: string
  replicas?: Replicas
  /** So long an agent may be silent; absent: the replicator's own measure. */
  nodeGraceSeconds?: number
  /** An event store or NATS of the user's own, instead of the embedded ones. */
  eventStoreUrl?: string
  natsUrl?: string
  passwords: Record<string, string>
}

/** The cluster as it was first started; undefined where there is none yet. */
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

/** Keeps it; a process that dies meanwhile leaves the one before. */
export async function writeClusterFile(layout: Layout, cluster: ClusterFile): Promise<void> {
  await mkdir(dirname(layout.clusterFile), { recursive: true, mode: 0o700 })
  const draft = `${layout.clusterFile}.new`
  await writeFile(draft, `${JSON.stringify(cluster, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, layout.clusterFile)
}

/** `node-1`, `node-2`, … */
export const nodeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `node-${index + 1}`)
