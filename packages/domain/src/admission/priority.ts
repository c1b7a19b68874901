import {
  forbidden,
  isOf,
  type KubernetesObject,
  type Pod,
  type PriorityClass,
  pods,
  priorityClasses,
} from '@reckon/kubernetes'
import type { AdmissionPlugin, MutatingPlugin, OtherObjects } from './admission.ts'

/** Sets a pod's priority: that of its class, of the default class, or none; as upstream's plugin. */
export const priority: MutatingPlugin & AdmissionPlugin = {
  name: 'Priority',

  mutate({ object, before }, others) {
    if (!isOf(pods, object)) return object
    const standing = before === undefined ? standingOf(object, others) : standingBefore(before)
    return { ...object, spec: { ...standing, ...object.spec } }
  },

  admit({ object, before }, others) {
    if (before !== undefined) return
    if (isOf(priorityClasses, object)) refuseSecondDefault(object, others)
    if (isOf(pods, object)) refuseOwnPriority(object, others)
  },
}

type Standing = Pick<Pod['spec'], 'priority' | 'preemptionPolicy' | 'priorityClassName'>

/** An update that does not mention the priority keeps it. */
function standingBefore(before: KubernetesObject): Standing {
  if (!isOf(pods, before)) return {}
  const { priority, preemptionPolicy } = before.spec
  return {
    ...(priority !== undefined && { priority }),
    ...(preemptionPolicy !== undefined && { preemptionPolicy }),
  }
}

/** The priority from the pod's class; undefined if there is no such class. */
function standingOf({ spec }: Pod, others: OtherObjects): Standing | undefined {
  const { priorityClassName = '' } = spec
  const found = priorityClassName === '' ? globalDefault(others) : named(priorityClassName, others)
  if (found === undefined && priorityClassName !== '') return undefined
  return {
    priority: found?.value ?? 0,
    preemptionPolicy: found?.preemptionPolicy ?? 'PreemptLowerPriority',
    ...(found && { priorityClassName: found.metadata.name }),
  }
}

const named = (name: string, others: OtherObjects) => others.get(priorityClasses, '', name)?.object

/** The lowest default class, because two may have been created at once. */
const globalDefault = (others: OtherObjects): PriorityClass | undefined =>
  others
    .list(priorityClasses)
    .flatMap(({ object }) => (object.globalDefault ? [object] : []))
    .sort((a, b) => a.value - b.value)[0]

function refuseOwnPriority(pod: Pod, others: OtherObjects): void {
  const { name } = pod.metadata
  const { priority, preemptionPolicy, priorityClassName } = pod.spec
  const standing = standingOf(pod, others)
  if (standing === undefined) {
    throw forbidden(pods, name, `no PriorityClass with name ${priorityClassName} was found`)
  }
  const computed = (what: string, value: unknown) =>
    `${what} must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`
  if (priority !== standing.priority) {
    const what = `the integer value of priority (${priority})`
    throw forbidden(pods, name, computed(what, standing.priority))
  }
  if (preemptionPolicy !== standing.preemptionPolicy) {
    const what = `the string value of PreemptionPolicy (${preemptionPolicy})`
    throw forbidden(pods, name, computed(what, standing.preemptionPolicy))
  }
}

function refuseSecondDefault(object: PriorityClass, others: OtherObjects): void {
  const present = object.globalDefault ? globalDefault(others) : undefined
  if (present === undefined) return
  const { name } = present.metadata
  const why = `PriorityClass ${name} is already marked as default. Only one default can exist`
  throw forbidden(priorityClasses, object.metadata.name, why)
}
