import type { Pod } from '@reckon/kubernetes'

/** A plugin that keeps pods out of the queue: returns why, or undefined to admit the pod. */
export type PreEnqueuePlugin = {
  readonly name: string
  admit(pod: Pod): string | undefined
}

/** A pod with scheduling gates waits until all of them are removed. */
export const schedulingGates: PreEnqueuePlugin = {
  name: 'SchedulingGates',
  admit({ spec: { schedulingGates: gates = [] } }) {
    if (gates.length === 0) return undefined
    return `waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`
  },
}
