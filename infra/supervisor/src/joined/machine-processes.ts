import type { Components } from '@reckon/bootstrap'
import type { Layout } from '../layout.ts'
import { imageRegistry, registryMirror } from '../processes/image-registry.ts'
import { agents, proxyAndEnvoy } from '../processes/node-processes.ts'
import type { ProcessSpec } from '../processes/process-spec.ts'
import type { MachineFile } from './machine-file.ts'

/** The processes of a joined machine: those of its node and its registry, and none of the control plane. */
export function machineProcesses(
  layout: Layout,
  machine: MachineFile,
  components: Components,
): ProcessSpec[] {
  const { cluster, node, nats, ...own } = machine
  const { registry } = machine.ports
  const wire = {
    RECKON_NATS: nats,
    RECKON_NATS_CA: layout.certificate('ca'),
    RECKON_NATS_KEY: layout.nodeCredentials,
  }
  const mirror = registry !== undefined && { registryMirror: registryMirror(registry) }
  const nodes = { ...own, ...mirror, id: cluster, nodes: [node], wire: () => wire }
  return [
    ...agents(layout, nodes),
    ...imageRegistry(registry, machine, components),
    ...proxyAndEnvoy(layout, nodes, components),
  ]
}
