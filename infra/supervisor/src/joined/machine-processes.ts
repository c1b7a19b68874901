import type { Components } from '@reckon/bootstrap'
import type { Layout } from '../layout.ts'
import { agents, proxyAndEnvoy } from '../node-processes.ts'
import type { ProcessSpec } from '../process-spec.ts'
import type { MachineFile } from './machine-file.ts'

/** Every process of a machine that has joined: those of its node, and none of the control plane. */
export function machineProcesses(
  layout: Layout,
  machine: MachineFile,
  components: Components,
): ProcessSpec[] {
  const { cluster, node, nats, ...own } = machine
  const wire = {
    RECKON_NATS: nats,
    RECKON_NATS_CA: layout.certificate('ca'),
    RECKON_NATS_KEY: layout.nodeCredentials,
  }
  const nodes = { ...own, id: cluster, nodes: [node], wire: () => wire }
  return [...agents(layout, nodes), ...proxyAndEnvoy(layout, nodes, components)]
}
