import type { Plugin } from '../framework.ts'
import { tolerates } from '../node-taints.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Keeps pods off cordoned nodes. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter: (pod, { node }) =>
    node.spec?.unschedulable === true && !tolerates(pod.spec.tolerations, taint)
      ? 'node(s) were unschedulable'
      : undefined,
}
