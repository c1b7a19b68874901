import {
  isFinished,
  isOf,
  nodes,
  type Pod,
  pods,
  type Taint,
  tolerationOf,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'nobody is driven away too early'
const evictor = 'system:controller:taint-eviction-controller'
/** The longest that a view may be behind. */
const lagMs = 60_000

type Borne = { taint: Taint; sinceMs: number; untilMs: number }

/**
 * A taint evicts a pod only after the pod has tolerated it for its tolerated time; and no controller reports a pod as
 * gone while its node is there to report it.
 */
export function evictions(world: World): Checker {
  const { timeline } = world
  /** By node, the evicting taints, including recently removed ones. */
  const taints = new Map<string, Borne[]>()
  const boundAtMs = new Map<string, number>()
  const madeAtMs = new Map<string, number>()

  /** Whether a copy that the store was restored from is being read: what it holds was judged when it was written. */
  const isCopied = () => timeline.nowMs === world.restoredAtMs
  /** When something began; of what a copy holds only that it was before. */
  const beginMs = () => (isCopied() ? 0 : timeline.nowMs)

  const follow = (name: string, present: readonly Taint[]) => {
    const known = taints.get(name) ?? []
    const isSame = (taint: Taint, other: Taint) =>
      taint.key === other.key && taint.value === other.value
    for (const borne of known) {
      const isPresent = present.some((taint) => isSame(taint, borne.taint))
      if (!isPresent && borne.untilMs === Number.POSITIVE_INFINITY) borne.untilMs = timeline.nowMs
    }
    for (const taint of present) {
      const isKnown = known.some(
        (each) => isSame(each.taint, taint) && each.untilMs === Number.POSITIVE_INFINITY,
      )
      if (isKnown) continue
      known.push({ taint, sinceMs: beginMs(), untilMs: Number.POSITIVE_INFINITY })
    }
    taints.set(name, known)
  }

  const mayLeave = (pod: Pod): boolean => {
    const bound = boundAtMs.get(pod.metadata.uid ?? '') ?? 0
    return (taints.get(pod.spec.nodeName ?? '') ?? []).some(({ taint, sinceMs, untilMs }) => {
      if (untilMs < timeline.nowMs - lagMs) return false
      const toleration = tolerationOf(pod.spec.tolerations, taint)
      if (toleration && toleration.tolerationSeconds === undefined) return false
      const forMs = (toleration?.tolerationSeconds ?? 0) * 1_000
      return timeline.nowMs - Math.max(sinceMs, bound) >= forMs
    })
  }

  return {
    onRecorded({ event, change }) {
      const { type, stored, before } = change ?? {}
      const object = stored?.object
      const { user } = event.metadata?.actor ?? {}
      if (object && isOf(nodes, object)) {
        const { name } = object.metadata
        const present = type === 'DELETED' ? [] : (object.spec.taints ?? [])
        follow(
          name,
          present.filter(({ effect }) => effect === 'NoExecute'),
        )
        if (type === 'ADDED') madeAtMs.set(name, timeline.nowMs)
        if (type === 'DELETED') madeAtMs.delete(name)
      }
      if (!object || !isOf(pods, object)) return
      const pod = before?.object ?? object
      if (!isOf(pods, pod)) return
      const { uid = '', name } = object.metadata
      if (object.spec.nodeName && !boundAtMs.has(uid)) boundAtMs.set(uid, beginMs())
      if (isCopied()) return
      if (user === evictor && !mayLeave(pod)) {
        throw new Violation(rule, `${name} leaves ${pod.spec.nodeName}`)
      }
      const isForced = event.type === 'PodDeleted' && user?.startsWith('system:controller:')
      const { nodeName } = pod.spec
      // Whoever removes the last finalizer deletes a pod that may be gone already: its node has
      // reported that, or a client forced it.
      const isReleased = pod.metadata.deletionGracePeriodSeconds === 0
      if (!isForced || !nodeName || isFinished(pod.status) || isReleased) return
      if (timeline.nowMs - (madeAtMs.get(nodeName) ?? timeline.nowMs) < lagMs) return
      throw new Violation('a pod is over when its node says so', `${name} on ${nodeName}`)
    },
  }
}
