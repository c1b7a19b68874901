import { type Pod, schedulerNameOf } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { schedulingGates } from '../plugins/scheduling-gates.ts'
import type { Policies } from '../policy/policies.ts'

/** The policy that places a pod, or why nothing tries to place it. */
export function policyFor(pod: Pod, policies: Policies): Policy | string {
  const schedulerName = schedulerNameOf(pod.spec)
  const none = `it waits for the scheduler ${schedulerName}`
  return schedulingGates.admit(pod) ?? policies.get(schedulerName) ?? none
}
