import { tolerates, unschedulableTaint } from '@reckon/kubernetes'
import type { NodePlugin } from '../framework.ts'

const taint = { key: unschedulableTaint, effect: 'NoSchedule' }

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
