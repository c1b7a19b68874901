import type { NodePlugin } from '../framework.ts'
import { tolerates } from '../state/node-taints.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Keeps pods off cordoned nodes. */
export const nodeUnschedulable: NodePlugin = {
  name: 'NodeUnschedulable',
  points: ['filter'],
  judges: 'node',
  prepare: ({ tolerations }) =>
    tolerates(tolerations, taint)
      ? undefined
      : {
          filter: ({ spec }) =>
            spec?.unschedulable === true ? 'node(s) were unschedulable' : undefined,
        },
}
