import {
  controllerOf,
  type Deployment,
  deployments,
  isOf,
  type KubernetesObject,
  type ReplicaSet,
  replicaSets,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { ProgramSlot, World } from '../world.ts'
import type { Checker } from './checker.ts'
import { Recently } from './recently.ts'

const rule = 'a rolling update stays within its limits'
const controller = 'system:controller:deployment-controller'
const desired = 'deployment.kubernetes.io/desired-replicas'
/** The longest that a replicator's view may be behind, unless the replicator was paused. */
const lagMs = 12_000

/** What is known of a Deployment: its largest number of pods, how many may be unavailable, and who scaled it last. */
type Known = { most: number; least: Recently; writer: string; writtenAtMs: number }

/**
 * A Deployment's controller creates no more pods than the surge allows, and removes no more available ones than may be
 * missing; losses of nodes do not count. Overlapping replicators see each other too late for that, and are left out.
 */
export function rollingUpdates(world: World): Checker {
  const { timeline, history } = world
  const known = new Map<string, Known>()
  /** By the set's uid. */
  const available = new Map<string, Recently>()
  const pausedAtMs = new Map<string, number>()
  const writers = new Map<string, string>()

  const setsOf = (uid: string): ReplicaSet[] =>
    history.objects
      .ownedBy(uid)
      .flatMap(({ object }) => (isOf(replicaSets, object) ? [object] : []))

  const follow = (object: KubernetesObject) => {
    const { uid = '' } = object.metadata
    if (isOf(replicaSets, object)) {
      const recently = available.get(uid) ?? new Recently(lagMs)
      available.set(uid, recently)
      recently.add(object.status?.availableReplicas ?? 0, timeline.nowMs)
    }
    if (!isOf(deployments, object)) return
    const { most, least } = limitsOf(object)
    const before = known.get(uid)
    const recently = before?.least ?? new Recently(lagMs)
    recently.add(least, timeline.nowMs)
    const { writer = '', writtenAtMs = 0 } = before ?? {}
    known.set(uid, {
      most: Math.max(most, before?.most ?? 0),
      least: recently,
      writer,
      writtenAtMs,
    })
  }

  /** Whether another replicator scaled this Deployment recently, or this one was away. */
  const isOverlapping = (of: Known, stream: string): boolean => {
    const writer = writers.get(stream) ?? ''
    const isOther = of.writer !== '' && of.writer !== writer
    const isLate = timeline.nowMs - of.writtenAtMs < 5 * lagMs
    Object.assign(of, { writer, writtenAtMs: timeline.nowMs })
    const wasPaused = timeline.nowMs - (pausedAtMs.get(writer) ?? Number.NEGATIVE_INFINITY) < lagMs
    return (isOther && isLate) || wasPaused
  }

  const judge = (of: Known, set: ReplicaSet, before: ReplicaSet | undefined) => {
    const [was, is] = [before ? sizeOf(before) : 0, sizeOf(set)]
    const sets = setsOf(controllerOf(set)?.uid ?? '')
    const total = sets.reduce((sum, each) => sum + sizeOf(each), 0)
    if (is > was && total > of.most) {
      throw new Violation(rule, `${set.metadata.name} makes it ${total} pods of ${of.most}`)
    }
    const isScaled = before?.metadata.annotations?.[desired] !== set.metadata.annotations?.[desired]
    const own = available.get(set.metadata.uid ?? '')
    if (is >= was || isScaled || (own?.least(timeline.nowMs) ?? 0) <= is) return
    const left = sets.reduce((sum, each) => {
      const most = available.get(each.metadata.uid ?? '')?.most(timeline.nowMs) ?? 0
      return sum + Math.min(sizeOf(each), most)
    }, 0)
    const needed = of.least.least(timeline.nowMs)
    if (left >= needed) return
    throw new Violation(rule, `${set.metadata.name} leaves ${left} available pods, of ${needed}`)
  }

  return {
    onAppend({ program: { service }, process }: ProgramSlot, stream) {
      if (service === 'replicator') writers.set(stream, process?.name ?? '')
    },
    onSecond() {
      for (const { process } of world.slots) {
        if (process?.state === 'Paused') pausedAtMs.set(process.name, timeline.nowMs)
      }
    },
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (object === undefined) return
      if (change?.type === 'DELETED') {
        // What is left of its sets goes with it, though a write that was decided before may come later.
        known.delete(object.metadata.uid ?? '')
        return
      }
      follow(object)
      if (!isOf(replicaSets, object) || event.metadata?.actor.user !== controller) return
      const of = known.get(controllerOf(object)?.uid ?? '')
      if (of === undefined || isOverlapping(of, event.stream)) return
      const before = change?.before?.object
      judge(of, object, before && isOf(replicaSets, before) ? before : undefined)
    },
  }
}

const sizeOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1

/** The largest number of pods, and the smallest number of available ones. */
function limitsOf({ spec }: Deployment): { most: number; least: number } {
  const { replicas = 1, strategy } = spec
  if (strategy?.type === 'Recreate') return { most: replicas, least: 0 }
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy?.rollingUpdate ?? {}
  const amount = (value: number | string, round: (share: number) => number) =>
    typeof value === 'number' ? value : round((Number.parseInt(value, 10) * replicas) / 100)
  const surge = amount(maxSurge, Math.ceil)
  const missing = amount(maxUnavailable, Math.floor)
  return { most: replicas + surge, least: replicas - (surge + missing === 0 ? 1 : missing) }
}
