import {
  controllerOf,
  isDeepEqual,
  isReady,
  isTerminating,
  labelSelectorOf,
  matchesLabels,
  type Pod,
  type ReplicaSet,
  type ReplicaSetStatus,
} from '@reckon/kubernetes'
import { derivedName } from '../derived-name.ts'
import { deletionOrder } from './deletion-order.ts'
import { availableAt, isActive } from './pod-condition.ts'

/** What a ReplicaSet's controller does next. */
export type Step =
  | { type: 'AdoptPod'; pod: Pod }
  | { type: 'ReleasePod'; pod: Pod }
  | { type: 'CreatePod'; pod: Pod }
  | { type: 'DeletePod'; pod: Pod }
  | { type: 'SetStatus'; status: ReplicaSetStatus }

export type Plan = { steps: readonly Step[]; againAtMs?: number }

type Surroundings = {
  nowMs: number
  /** How many pods were ever created for this ReplicaSet: the next slot. */
  podsEverCreated: number
  /** Whether there is a pod of this name. */
  isTaken(name: string): boolean
}

/** Changes at one time; what is left comes next time, so that one huge set does not hold up the others. */
const burstMax = 500

/** What to do next so that the pods match the spec. `pods` are those of its namespace. Pure. */
export function plan(
  set: ReplicaSet,
  pods: readonly Pod[],
  { nowMs, podsEverCreated, isTaken }: Surroundings,
): Plan {
  const selector = labelSelectorOf(set.spec.selector)
  const matches = (pod: Pod) => matchesLabels(selector, pod.metadata.labels)
  const isOwned = (pod: Pod) => controllerOf(pod)?.uid === set.metadata.uid
  const owned = pods.filter((pod) => isOwned(pod) && matches(pod) && isActive(pod))
  const status = statusStep(set, owned, nowMs)
  if (isTerminating(set)) return status
  const adopted = pods.filter((pod) => !controllerOf(pod) && matches(pod) && isActive(pod))
  const released = pods.filter((pod) => isOwned(pod) && !matches(pod) && isActive(pod))
  if (adopted.length > 0 || released.length > 0) {
    return {
      steps: [
        ...adopted.map((pod): Step => ({ type: 'AdoptPod', pod })),
        ...released.map((pod): Step => ({ type: 'ReleasePod', pod })),
      ],
    }
  }
  const missing = (set.spec.replicas ?? 1) - owned.length
  const steps =
    missing >= 0
      ? created(set, Math.min(missing, burstMax), { podsEverCreated, isTaken })
      : deletionOrder(owned)
          .slice(0, Math.min(-missing, burstMax))
          .map((pod): Step => ({ type: 'DeletePod', pod }))
  return { ...status, steps: [...steps, ...status.steps] }
}

function created(
  set: ReplicaSet,
  count: number,
  { podsEverCreated, isTaken }: Pick<Surroundings, 'podsEverCreated' | 'isTaken'>,
): Step[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'CreatePod',
    pod: podOf(set, podName(set, podsEverCreated + index, isTaken)),
  }))
}

/** Follows from the set's uid and the slot; a name that somebody else's pod bears is passed over. */
function podName(set: ReplicaSet, slot: number, isTaken: (name: string) => boolean): string {
  for (let tries = 0; ; tries += 1) {
    const seed = `${set.metadata.uid}/${slot}${tries === 0 ? '' : `/${tries}`}`
    const name = derivedName(set.metadata.name, seed)
    if (!isTaken(name)) return name
  }
}

function podOf(set: ReplicaSet, name: string): Pod {
  const { template } = set.spec
  const { labels, annotations, finalizers } = template?.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? '',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [ownerReferenceTo(set)],
    },
    spec: template?.spec ?? { containers: [] },
  }
}

/** What a ReplicaSet's pods say of it. */
export const ownerReferenceTo = ({ metadata }: ReplicaSet) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

function statusStep(set: ReplicaSet, pods: readonly Pod[], nowMs: number): Plan {
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const templateSelector = labelSelectorOf({
    matchLabels: set.spec.template?.metadata?.labels ?? {},
  })
  const moments = pods.flatMap((pod) => availableAt(pod, minReadySeconds) ?? [])
  const counts = {
    fullyLabeledReplicas: pods.filter(({ metadata }) =>
      matchesLabels(templateSelector, metadata.labels),
    ).length,
    readyReplicas: pods.filter(({ status }) => isReady(status)).length,
    availableReplicas: moments.filter((moment) => moment <= nowMs).length,
  }
  const conditions = set.status?.conditions
  const status: ReplicaSetStatus = {
    replicas: pods.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    observedGeneration: set.metadata.generation ?? 1,
    ...(conditions && { conditions }),
  }
  const later = moments.filter((moment) => moment > nowMs)
  return {
    steps: isDeepEqual(set.status, status) ? [] : [{ type: 'SetStatus', status }],
    ...(later.length > 0 && { againAtMs: Math.min(...later) }),
  }
}
