import type { Plugin } from '../framework.ts'
import { clash, hostPortsOf } from '../host-ports.ts'

/** A port of the node can be taken once. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  filter: (pod, node) =>
    hostPortsOf(pod).some((wanted) => node.hostPorts.some((taken) => clash(wanted, taken)))
      ? "node(s) didn't have free ports for the requested pod ports"
      : undefined,
}
