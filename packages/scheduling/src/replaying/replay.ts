import { type Decision, type ObjectRef, refOf } from '@reckon/domain'
import { fnv1a32, isDeepEqual, type Pod } from '@reckon/kubernetes'
import { comparable, digestIn, recordedOf } from '../explaining/recorded.ts'
import type { Policy } from '../framework.ts'
import { place } from '../placing/place.ts'
import type { SchedulerConfiguration } from '../policy/configuration.ts'
import { algorithm } from '../policy/default-policy.ts'
import { policiesOf } from '../policy/policies.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { AssumedPlacements } from './assumed-placements.ts'
import { FedObjects } from './fed-objects.ts'
import { isPastIn, isReachedBy, type Span } from './moment.ts'
import { NamedPolicies } from './named-policies.ts'
import { PendingDecisions } from './pending-decisions.ts'
import { type RecordedDecision, type RecordedEvent, recordedDecision } from './recorded-decision.ts'

/** What a decision came out at: where to, among how many equals, and every verdict or a digest of them. */
export type Outcome = { nodeName?: string } & Pick<
  Decision,
  'state' | 'tie' | 'table' | 'digest' | 'nomination' | 'message'
>

/** A decision that came out otherwise. */
type Divergence = {
  pod: string
  position: string
  term: number
  number: number
  recorded: Outcome
  recomputed: Outcome
}

/** One that nobody can compute again, and why. */
type Unverifiable = {
  pod: string
  position: string
  term: number
  number: number
  why: string
}

export type ReplayReport = {
  /** How many decisions were computed again. */
  decisions: number
  divergences: number
  firstDivergence?: Divergence
  /** How many were made by another version of the algorithm. */
  otherVersions: number
  unverifiable: Unverifiable[]
  /** How many were recorded after one of a newer term: two schedulers were at work. */
  overlapping: number
  /** Of all decisions that were computed again, in their order: equal for equal outcomes. */
  digest: string
}

/**
 * How many events are read ahead of the state: a decision is recorded some time after what it saw, up to a minute where
 * claims are waited for, and what it assumed may be recorded even later. What lies farther apart cannot be verified,
 * and is reported so.
 */
const aheadMax = 10_000

/**
 * Computes the decisions of a span again from the events of the log, the oldest first: each in the state that its
 * scheduler had seen, with the placements that it assumed. Pure.
 */
export class Replay {
  readonly #span: Span
  readonly #ahead: RecordedEvent[] = []
  readonly #pending = new PendingDecisions()
  readonly #policies: NamedPolicies
  readonly #cluster = new ClusterState()
  readonly #objects = new FedObjects(this.#cluster)
  readonly #assumed = new AssumedPlacements(this.#objects, this.#cluster)
  readonly #report: ReplayReport = {
    decisions: 0,
    divergences: 0,
    otherVersions: 0,
    unverifiable: [],
    overlapping: 0,
    digest: '00000000',
  }
  #position = 0n
  #newestTerm = 0

  /** With a configuration it is told what would have been decided by that. */
  constructor({ configuration, ...span }: Span & { configuration?: SchedulerConfiguration } = {}) {
    this.#span = span
    this.#policies = new NamedPolicies(configuration && policiesOf(configuration))
  }

  /** The next event of the log. */
  add(event: RecordedEvent): void {
    const recorded = recordedDecision(event)
    this.#assumed.note(event, recorded)
    this.#policies.note(event)
    if (recorded) {
      const isAsked = this.#isAsked(event)
      const { term } = recorded.decision
      if (isAsked) this.#pending.add(recorded)
      if (isAsked && term < this.#newestTerm) this.#report.overlapping += 1
      this.#newestTerm = Math.max(this.#newestTerm, term)
    }
    this.#ahead.push(event)
    // Emptied in large pieces, for each costs a move of what is left.
    if (this.#ahead.length >= 2 * aheadMax) this.#foldFirst(aheadMax)
  }

  /** There are no more events. */
  end(): ReplayReport {
    this.#foldFirst(this.#ahead.length)
    return this.#report
  }

  #isAsked(event: RecordedEvent): boolean {
    const { from, to } = this.#span
    const isFrom = from === undefined || isReachedBy(event, from)
    return isFrom && (to === undefined || !isPastIn(event, to))
  }

  #foldFirst(count: number): void {
    for (const event of this.#ahead.splice(0, count)) {
      for (const recorded of this.#pending.takeBefore(event.position)) this.#compute(recorded)
      this.#objects.apply(event)
      this.#position = event.position
    }
  }

  #compute(recorded: RecordedDecision): void {
    const { decision, event } = recorded
    const ref = refOf(event.stream)
    if (ref === undefined) return
    if ((decision.algorithm ?? 1) !== algorithm) {
      this.#report.otherVersions += 1
      return
    }
    const premises = this.#premises(recorded)
    if (typeof premises === 'string') {
      this.#report.unverifiable.push({ ...headOf(recorded, ref), why: premises })
      return
    }
    const recomputed = this.#outcome(premises)
    this.#report.decisions += 1
    const line = `${event.id} ${JSON.stringify(recomputed)}`
    const digest = fnv1a32(`${this.#report.digest} ${line}`)
    this.#report.digest = digest.toString(16).padStart(8, '0')
    const original = outcomeIn(recorded)
    if (isDeepEqual(original, recomputed)) return
    this.#report.divergences += 1
    this.#report.firstDivergence ??= { ...headOf(recorded, ref), recorded: original, recomputed }
  }

  /** What the decision is computed from, with its state brought about; or why it cannot be computed again. */
  #premises({ decision, event }: RecordedDecision): Premises | string {
    if (BigInt(decision.view.position) < this.#position) return 'what it saw lies too far back'
    const policy = this.#policies.named(decision.policy)
    if (policy === undefined) return `nobody knows the policy ${decision.policy}`
    const lost = this.#assumed.assume(decision)
    if (lost !== undefined) return `it relied on decision ${lost}, of which nothing is recorded`
    const pod = this.#objects.podIn(event.stream)
    return pod === undefined ? 'its pod was not in what it saw' : { pod, policy }
  }

  #outcome({ pod, policy }: Premises): Outcome {
    const state = this.#cluster.hash
    const placement = place(pod, this.#cluster, policy)
    const { nodeName } = placement
    const recorded = recordedOf(placement)
    return { ...(nodeName && { nodeName }), state, ...recorded, ...comparable(recorded) }
  }
}

type Premises = { pod: Pod; policy: Policy }

function outcomeIn({ decision, nodeName }: RecordedDecision): Outcome {
  const { state, tie, table, nomination, message } = decision
  return {
    ...(nodeName && { nodeName }),
    ...(state && { state }),
    ...(tie && { tie }),
    ...comparable({ table, digest: digestIn(decision) }),
    ...(nomination && { nomination }),
    message,
  }
}

const headOf = ({ event, decision }: RecordedDecision, { namespace, name }: ObjectRef) => ({
  pod: `${namespace}/${name}`,
  position: String(event.position),
  term: decision.term,
  number: decision.number,
})
