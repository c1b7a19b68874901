import { changedIn, patched } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { type Fields, listAt } from '@reckon/eventing/bus'
import { isObject, isOf, type Job, jobs, type KubernetesObject, pods } from '@reckon/kubernetes'
import { type Judgement, judge } from '../job/failure-policy.ts'
import { userOf } from '../writer.ts'
import { indexOf } from './completion-index.ts'

/** How the pods of one owner ended; each is counted once, whatever happens to it afterwards. */
export type PodEnds = {
  readonly succeeded: number
  /** Failures that count. */
  readonly failed: number
  /** The completion indexes at which a pod succeeded. */
  readonly indexes: ReadonlySet<number>
  /** For each completion index, the failures that count, and whether one of them was final. */
  readonly failures: ReadonlyMap<number, IndexFailures>
  /** The policy rule by which the owner has failed, if there is one. */
  readonly verdict?: string
}

type IndexFailures = { count: number; isFinal: boolean }

type Ends = {
  succeeded: number
  failed: number
  indexes: Set<number>
  failures: Map<number, IndexFailures>
  verdict?: string
  /** The owner as created, if it has a failure policy; the policy is immutable. */
  judging?: Job
  /** Whether a pod that is deleted counts as failed, however it then ends. */
  countsDeletions?: true
}

/** A pod that has not ended; with its object, if the owner has a failure policy. */
type Running = {
  owner: string
  index: number | undefined
  pod?: KubernetesObject
  /** Its own controller deleted it, so its failure does not count. */
  isStopped?: true
}

const stopper = userOf('job-controller')

type SavedFailures = readonly (readonly [index: number, count: number, isFinal: boolean])[]

/** An owner with its counts, and a pod whose end will count. Rare fields are optional to save memory. */
export type SavedEndings =
  | {
      ends: readonly [owner: string, succeeded: number, failed: number, indexes: readonly number[]]
      failures?: SavedFailures
      verdict?: string
      judging?: Job
      countsDeletions?: true
    }
  | {
      pod: readonly [stream: string, owner: string, index: number | null]
      object?: KubernetesObject
      isStopped?: true
    }

/** How pods ended, by the uid of their owner, folded from the log: a deleted pod counts like one that still exists. */
export class PodEndings {
  readonly #ends = new Map<string, Ends>()
  /** The pods that have not ended, by stream. */
  readonly #running = new Map<string, Running>()

  of(owner: string): PodEnds {
    return this.#ends.get(owner) ?? none()
  }

  addOwner(owner: KubernetesObject): void {
    const { uid = '' } = owner.metadata
    this.#ends.set(uid, { ...none(), ...(isOf(jobs, owner) && attentionOf(owner)) })
  }

  removeOwner(uid: string): void {
    this.#ends.delete(uid)
  }

  /** A pod of an owner was created. */
  begin(stream: string, owner: string, pod: KubernetesObject): void {
    const ends = this.#ends.get(owner)
    if (ends === undefined) return
    this.#running.set(stream, { owner, index: indexOf(pod), ...(ends.judging && { pod }) })
  }

  apply(event: RecordedEvent): void {
    const { type, stream } = event
    const running = this.#running.get(stream)
    if (running === undefined) return
    if (running.pod && type !== 'PodDeleted') {
      const { object, patch } = changedIn(event)
      running.pod = object ?? patched(running.pod, patch)
    }
    if (deletions.includes(type) && event.metadata?.actor.user === stopper) running.isStopped = true
    const ends = this.#ends.get(running.owner)
    const end = endBy(type, ends?.countsDeletions === true && !running.isStopped)
    if (end === undefined) return
    this.#running.delete(stream)
    if (ends === undefined) return
    if (end === 'Failed' && !running.isStopped) fail(ends, running)
    if (end !== 'Succeeded') return
    ends.succeeded++
    if (running.index !== undefined) ends.indexes.add(running.index)
  }

  *snapshot(): Generator<SavedEndings> {
    for (const [owner, ends] of this.#ends) {
      const { succeeded, failed, indexes, failures, verdict, judging, countsDeletions } = ends
      const counted = Array.from(failures, ([index, { count, isFinal }]) => {
        return [index, count, isFinal] as const
      })
      yield {
        ends: [owner, succeeded, failed, [...indexes].sort((a, b) => a - b)],
        ...(counted.length > 0 && { failures: counted }),
        ...(verdict !== undefined && { verdict }),
        ...(judging && { judging }),
        ...(countsDeletions && { countsDeletions }),
      }
    }
    for (const [stream, { owner, index, pod, isStopped }] of this.#running) {
      const more = { ...(pod && { object: pod }), ...(isStopped && { isStopped }) }
      yield { pod: [stream, owner, index ?? null], ...more }
    }
  }

  restore(fields: Fields): void {
    if ('pod' in fields) {
      const [stream, owner, index] = listAt(fields, 'pod')
      const known = typeof index === 'number' ? index : undefined
      const pod = isObject(fields.object) ? { pod: fields.object } : undefined
      const stopped = fields.isStopped === true && { isStopped: true as const }
      this.#running.set(String(stream), { owner: String(owner), index: known, ...pod, ...stopped })
      return
    }
    const [owner, succeeded, failed, indexes] = listAt(fields, 'ends')
    const { verdict, judging } = fields
    const failures = 'failures' in fields ? listAt(fields, 'failures') : []
    this.#ends.set(String(owner), {
      succeeded: Number(succeeded),
      failed: Number(failed),
      indexes: new Set(Array.isArray(indexes) ? indexes.map(Number) : []),
      failures: new Map(failures.flatMap(restoredFailures)),
      ...(typeof verdict === 'string' && { verdict }),
      ...(isObject(judging) && isOf(jobs, judging) && { judging }),
      ...(fields.countsDeletions === true && { countsDeletions: true as const }),
    })
  }
}

/** The events that begin the deletion of a pod, or complete it at once. */
const deletions: readonly string[] = [
  'PodDeletionRequested',
  'PodEvicted',
  'PodPreempted',
  'PodDeleted',
]

/**
 * How an event ends a pod, if it does. A pod that is deleted without having ended counts neither way, unless deletions
 * count.
 */
function endBy(type: string, countsDeletion: boolean): 'Succeeded' | 'Failed' | 'Gone' | undefined {
  if (type === 'PodSucceeded') return 'Succeeded'
  if (type === 'PodFailed') return 'Failed'
  if (countsDeletion && deletions.includes(type)) return 'Failed'
  return type === 'PodDeleted' ? 'Gone' : undefined
}

/**
 * What a Job needs to know about how its pods end. Upstream's isPodFailed: if only failed pods are replaced, the end of
 * a deleted pod is awaited.
 */
function attentionOf(job: Job): Pick<Ends, 'judging' | 'countsDeletions'> {
  const { podFailurePolicy, podReplacementPolicy } = job.spec
  if (podFailurePolicy !== undefined) return { judging: job }
  return podReplacementPolicy === 'Failed' ? {} : { countsDeletions: true }
}

const none = (): Ends => ({ succeeded: 0, failed: 0, indexes: new Set(), failures: new Map() })

function fail(ends: Ends, { index, pod }: Running): void {
  const policy = ends.judging?.spec.podFailurePolicy
  const judged: Judgement =
    policy && pod && isOf(pods, pod) ? judge(policy, pod) : { action: 'Count' }
  if (judged.action === 'Ignore') return
  ends.failed++
  if (judged.action === 'FailJob') ends.verdict ??= judged.message
  if (index === undefined) return
  const { count = 0, isFinal = false } = ends.failures.get(index) ?? {}
  ends.failures.set(index, {
    count: count + 1,
    isFinal: isFinal || judged.action === 'FailIndex',
  })
}

function restoredFailures(saved: unknown): [number, IndexFailures][] {
  if (!Array.isArray(saved)) return []
  const [index, count, isFinal] = saved
  return [[Number(index), { count: Number(count), isFinal: isFinal === true }]]
}
