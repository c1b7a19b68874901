import {
  amountOfPods,
  type ControllerRevision,
  type DaemonSet,
  isTerminating,
  type Pod,
} from '@reckon/kubernetes'
import { endedAtMs } from '../ownership/ended-at.ts'
import { isAvailable, isUpdated, type NodePods } from './daemon-pods.ts'

/** Which nodes get a pod, and which pods are deleted. */
export type Changes = {
  create: readonly string[]
  delete: readonly Pod[]
  /** When to reconcile again, in milliseconds. */
  againAtMs?: number
}

/** A failed pod is replaced only after a back-off, because its node may reject the next one as well. */
const failedRestMs = 10_000

type Observed = {
  set: DaemonSet
  nodes: readonly NodePods[]
  update: ControllerRevision
  nowMs: number
}

/** Plans a pod for every node that fits and none elsewhere; ended pods are replaced. */
export function placed({ set, nodes, nowMs }: Observed): Changes {
  const ended = nodes
    .filter(({ mayStay }) => mayStay)
    .flatMap(({ pods, running }) => pods.filter((pod) => !running.includes(pod)))
    .filter((pod) => !isTerminating(pod))
    .map((pod) => {
      const isFailed = pod.status?.phase === 'Failed'
      return { pod, atMs: isFailed ? endedAtMs(pod) + failedRestMs : nowMs }
    })
  const later = ended.filter(({ atMs }) => atMs > nowMs).map(({ atMs }) => atMs)
  return {
    create: nodes
      .filter(({ shouldRun, pods }) => shouldRun && pods.length === 0)
      .map(({ name }) => name),
    delete: [
      ...nodes.flatMap(({ mayStay, pods, running }) => {
        if (!mayStay) return pods.filter((pod) => !isTerminating(pod))
        return surgeOf(set, nodes) > 0 ? [] : running.slice(1)
      }),
      ...ended.flatMap(({ pod, atMs }) => (atMs <= nowMs ? [pod] : [])),
    ],
    ...(later.length > 0 && { againAtMs: Math.min(...later) }),
  }
}

/** The next step of a rolling update; upstream's update.go. */
export function updated(observed: Observed): Changes {
  const { set, nodes } = observed
  if (set.spec.updateStrategy?.type !== 'RollingUpdate') return { create: [], delete: [] }
  return surgeOf(set, nodes) > 0 ? surged(observed) : replaced(observed)
}

/** Deletes old pods first, within maxUnavailable; pods that are unavailable anyway do not count. */
function replaced({ set, nodes, update, nowMs }: Observed): Changes {
  const wanted = nodes.filter(({ shouldRun }) => shouldRun)
  const { maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {}
  const most = amountOfPods(maxUnavailable, wanted.length, Math.ceil)
  const isUp = ({ running }: NodePods) => running.some((pod) => isAvailable(pod, set, nowMs))
  const old = wanted.filter(({ running: [pod] }) => pod && !isUpdated(pod, update))
  const left = Math.max(0, most - wanted.filter((node) => !isUp(node)).length)
  const going = [...old.filter((node) => !isUp(node)), ...old.filter(isUp).slice(0, left)]
  return { create: [], delete: going.flatMap(({ running }) => running.slice(0, 1)) }
}

/** Creates new pods first, within maxSurge; an old pod is deleted when its successor is available. */
function surged({ set, nodes, update, nowMs }: Observed): Changes {
  const isUp = (pod: Pod | undefined) => pod !== undefined && isAvailable(pod, set, nowMs)
  const places = nodes
    .filter(({ shouldRun, pods }) => shouldRun && pods.length > 0)
    .map(({ name, running }) => {
      const [fresh, ...more] = running.filter((pod) => isUpdated(pod, update))
      const [old, ...older] = running.filter((pod) => !isUpdated(pod, update))
      return { name, fresh, old, needless: [...more, ...older] }
    })
  const waiting = places.filter(({ fresh, old }) => old && !fresh)
  const coming = places.filter(({ fresh, old }) => old && fresh && !isUp(fresh))
  const left = Math.max(0, surgeOf(set, nodes) - coming.length)
  const surging = [
    ...waiting.filter(({ old }) => !isUp(old)),
    ...waiting.filter(({ old }) => isUp(old)).slice(0, left),
  ]
  const succeeded = places.flatMap(({ fresh, old }) => (old && isUp(fresh) ? [old] : []))
  return {
    create: surging.map(({ name }) => name),
    delete: [...succeeded, ...places.flatMap(({ needless }) => needless)],
  }
}

/** How many nodes may have two pods during an update (maxSurge). */
function surgeOf({ spec }: DaemonSet, nodes: readonly NodePods[]): number {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  if (type !== 'RollingUpdate') return 0
  const wanted = nodes.filter(({ shouldRun }) => shouldRun).length
  return amountOfPods(rollingUpdate?.maxSurge ?? 0, wanted, Math.ceil)
}
