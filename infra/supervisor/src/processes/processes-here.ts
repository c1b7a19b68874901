import type { Components } from '@reckon/bootstrap'
import { readMachineFile } from '../joined/machine-file.ts'
import { machineProcesses } from '../joined/machine-processes.ts'
import type { Layout } from '../layout.ts'
import { readClusterFile } from '../settings/cluster-file.ts'
import { processList } from './process-list.ts'
import type { ProcessSpec } from './process-spec.ts'

/** The id of a data directory's cluster, its processes on this machine, and the command that starts them. */
export type Here = { cluster: string; specs: ProcessSpec[]; startedBy: 'up' | 'join' }

/** What belongs to a data directory; undefined where it has neither a cluster nor a joined machine. */
export async function processesHere(
  layout: Layout,
  components: Components,
): Promise<Here | undefined> {
  const cluster = await readClusterFile(layout)
  if (cluster) {
    const specs = processList(layout, cluster, components)
    return { cluster: cluster.id, specs, startedBy: 'up' }
  }
  const machine = await readMachineFile(layout)
  if (machine === undefined) return undefined
  const specs = machineProcesses(layout, machine, components)
  return { cluster: machine.cluster, specs, startedBy: 'join' }
}
