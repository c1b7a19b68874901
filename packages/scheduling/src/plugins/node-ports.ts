import { hostPortsClash } from '@reckon/kubernetes'
import type { LoadPlugin } from '../framework.ts'

/** A port of the node can be taken once. */
export const nodePorts: LoadPlugin = {
  name: 'NodePorts',
  points: ['filter'],
  judges: 'load',
  helpedBy: ['PodEnded'],
  prepare: ({ hostPorts }, cluster) =>
    hostPorts.length === 0
      ? undefined
      : {
          filter: (slot, leaving) =>
            cluster.pods
              .hostPortsAt(slot, leaving)
              .some((taken) => hostPorts.some((wanted) => hostPortsClash(wanted, taken)))
              ? "node(s) didn't have free ports for the requested pod ports"
              : undefined,
        },
}
