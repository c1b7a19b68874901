import { readMachineFile } from './joined/machine-file.ts'
import type { Layout } from './layout.ts'
import { type ClusterFile, readClusterFile } from './settings/cluster-file.ts'

/** The cluster that was started on this machine; throws, saying where else to look, if there is none. */
export async function readOwnCluster(layout: Layout): Promise<ClusterFile> {
  const cluster = await readClusterFile(layout)
  if (cluster) return cluster
  const joined = await readMachineFile(layout)
  if (joined === undefined) {
    throw new Error(noClusterIn(layout))
  }
  const what = `this machine is the node ${joined.node} of the cluster at ${joined.server}`
  throw new Error(`${what}: that is asked of the cluster's first machine`)
}

/** What to do where a folder holds no cluster: it may be another one. */
export const noClusterIn = ({ dataDir }: Layout): string =>
  `there is no cluster in ${dataDir}; "reckon up" starts one, --data-dir names another folder`
