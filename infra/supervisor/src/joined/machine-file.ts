import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process/error-code'
import type { Layout } from '../layout.ts'
import type { ClusterFile, Runtime } from '../settings/cluster-file.ts'

/**
 * A machine that has joined a cluster with its control plane elsewhere: what the cluster told it, and its own choices.
 */
export type MachineFile = {
  /** The cluster's id. */
  cluster: string
  /** The API: `https://address:port`. */
  server: string
  /** The address of the wire. */
  nats: string
  node: string
  runtime: Runtime
  dockerHost: string
  logDir?: string
  nodeIP?: string
  /** Without a registry, if it joined before machines had one. */
  ports: Pick<ClusterFile['ports'], 'ingressHttp' | 'ingressHttps'> & { registry?: number }
}

/** The machine as it joined; undefined where it has not. */
export async function readMachineFile({
  machineFile,
}: Pick<Layout, 'machineFile'>): Promise<MachineFile | undefined> {
  try {
    return JSON.parse(await readFile(machineFile, 'utf8')) as MachineFile
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw new Error(`${machineFile} cannot be read`, { cause: error })
  }
}
