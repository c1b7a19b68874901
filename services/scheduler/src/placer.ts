import type { Decision, Nomination, StoredObject } from '@reckon/domain'
import { KeyFailure, silent } from '@reckon/eventing'
import { isRefusal, type Pod, schedulerNameOf } from '@reckon/kubernetes'
import {
  algorithm,
  type Placement,
  type Policy,
  place,
  reasonSet,
  recordedOf,
} from '@reckon/scheduling'
import { bindPod, recordBindingFailure, recordSchedulingFailure } from '@reckon/writing'
import { ClaimBinder, ClaimsUnbound } from './claim-binder.ts'
import { FailedPods } from './failed-pods.ts'
import { recordRefusal } from './placement-refused.ts'
import type { TermPorts } from './ports.ts'
import { Preempter } from './preempter.ts'
import { attemptsLabel, type SchedulerMetrics } from './scheduler-metrics.ts'
import type { SchedulingView } from './scheduling-view.ts'
import { surely } from './surely.ts'
import { originOf, refOf } from './written-for.ts'

const retryMs = 1_000

/** A placement without a node, and its policy. */
type Unplaced = { placement: Placement; policy: Policy }

/** Why a pod is not bound: no node fits it, or binding failed. */
type Failure = { decision: Decision; keepsNomination: boolean } | { message: string }

type PlacerOptions = {
  view: SchedulingView
  metrics: SchedulerMetrics
  term: number
  signal: AbortSignal
}

/**
 * Decides on one pod after the other within a term. A decision counts in the view at once; it is recorded in the
 * background, and undone if that is refused.
 */
export class Placer {
  readonly failedPods: FailedPods
  readonly #preempter: Preempter
  readonly #claims: ClaimBinder
  readonly #ports: TermPorts
  readonly #metrics: SchedulerMetrics
  readonly #view: SchedulingView
  readonly #term: number
  readonly #signal: AbortSignal
  #decided = 0

  constructor(ports: TermPorts, options: PlacerOptions) {
    const { view, metrics, term, signal } = options
    this.failedPods = new FailedPods(ports)
    this.#preempter = new Preempter(ports, options)
    this.#claims = new ClaimBinder(ports, signal)
    this.#ports = ports
    this.#metrics = metrics
    this.#view = view
    this.#term = term
    this.#signal = signal
  }

  /** Whether binding the pod waits for others to bind its claims, which may take long and must not delay other pods. */
  waits({ object }: StoredObject<Pod>): boolean {
    return this.#claims.unboundOf(object).length > 0
  }

  /** Decides now; the result, if any, is the recording of the decision. Refusals do not reject it. */
  decide(stored: StoredObject<Pod>): Promise<void> | undefined {
    const pod = stored.object
    const policy = this.#view.policyOf(pod)
    if (policy === undefined) return undefined
    const { clock } = this.#ports
    const beganMs = clock.now()
    const placement = this.failedPods.attempt(pod, () => {
      const placed = place(pod, this.#view.cluster, policy)
      // Read within the attempt, so that a bug in it affects only this pod.
      void placed.preemption
      return placed
    })
    const seconds = (clock.now() - beganMs) / 1000
    this.#metrics.algorithmSeconds.observe(seconds)
    if (placement instanceof KeyFailure) {
      this.#view.queue.backOff(pod.metadata.uid ?? '', clock.now())
      return this.#fail(stored, placement)
    }
    if (placement.nodeName !== undefined) {
      return this.#bind(stored, placement.nodeName, this.#decisionOf(placement, policy))
    }
    this.#count('unschedulable', pod)
    const about = { result: 'unschedulable', profile: schedulerNameOf(pod.spec) }
    this.#metrics.attemptSeconds.observe(about, seconds)
    return this.#park(stored, { placement, policy })
  }

  #park(stored: StoredObject<Pod>, unplaced: Unplaced): Promise<void> | undefined {
    const { placement, policy } = unplaced
    const pod = stored.object
    const { queue, cluster } = this.#view
    const { uid = '' } = pod.metadata
    const { rejectedBy, message, preemption } = placement
    const verdict = reasonSet(message)
    queue.park(uid, this.#ports.clock.now(), {
      sort: cluster.equalPods(pod),
      policy: policy.name,
      rejectedBy,
      verdict,
    })
    if (preemption && 'nomination' in preemption) {
      return this.#preempt(stored, unplaced, preemption.nomination)
    }
    const reported = failureOf(pod)
    const keepsNomination = preemption?.keepsNomination ?? false
    const isCleared = !keepsNomination && pod.status?.nominatedNodeName !== undefined
    const isNews = isCleared || reported === undefined || reasonSet(reported) !== verdict
    // If only the numbers of nodes changed, it is recorded at the attempts 1, 2, 4, 8…; an
    // identical message never again.
    const isDue = reported !== message && isPowerOfTwo(queue.attemptsOf(uid))
    if (!isNews && !isDue) return undefined
    const decision = this.#decisionOf(placement, policy)
    return this.#recordFailure(stored, { decision, keepsNomination })
  }

  async #preempt(
    stored: StoredObject<Pod>,
    { placement, policy }: Unplaced,
    nomination: Nomination,
  ): Promise<void> {
    const decision = this.#decisionOf(placement, policy)
    const failure = await this.#preempter.preempt({ stored, decision, nomination })
    if (failure) await this.#fail(stored, failure)
  }

  #fail(stored: StoredObject<Pod>, failure: KeyFailure): Promise<void> {
    this.#count('error', stored.object)
    return this.failedPods.note(stored, failure, originOf(stored))
  }

  #count(result: string, pod: Pod): void {
    this.#metrics.attempts.inc({ result, profile: schedulerNameOf(pod.spec) })
  }

  #decisionOf(placement: Placement, policy: Policy): Decision {
    const { objects } = this.#ports
    this.#decided += 1
    return {
      term: this.#term,
      number: this.#decided,
      view: { position: String(objects.position ?? 0n), eventId: objects.lastEventId },
      policy: policy.name,
      algorithm,
      assumed: this.#view.assumed,
      state: this.#view.cluster.hash,
      ...recordedOf(placement),
    }
  }

  async #bind(stored: StoredObject<Pod>, nodeName: string, decision: Decision): Promise<void> {
    const { clock, ids, logger = silent } = this.#ports
    const ref = refOf(stored.object)
    const { number } = decision
    const { queue } = this.#view
    const beganMs = clock.now()
    const attempts = attemptsLabel(queue.attemptsOf(ref.uid))
    const firstMs = queue.firstTriedAtMs(ref.uid) ?? beganMs
    this.#view.assume(stored.object, nodeName, number)
    const origin = originOf(stored)
    const binding = { pod: ref, nodeName, origin, decision, eventId: ids.next() }
    let result = 'error'
    try {
      const claims = this.#claims.unboundOf(stored.object)
      if (claims.length > 0) {
        await this.#claims.bind({ pod: stored.object, claims, nodeName, origin })
      }
      await surely(this.#ports, this.#signal, () => bindPod(this.#ports, binding))
      result = 'scheduled'
      this.#count(result, stored.object)
      this.#metrics.podSeconds.observe({ attempts }, (clock.now() - firstMs) / 1000)
      this.failedPods.forget(ref.uid)
    } catch (error) {
      if (error instanceof KeyFailure) await this.#fail(stored, error)
      else if (isRefusal(error)) this.#count('error', stored.object)
      else throw error
      logger.info({ pod: ref, node: nodeName, reason: error.message }, 'placement refused')
      // The term is over; the next one will see what became of the placement.
      if (isRefusal(error, 'Timeout')) return
      const isLong = error instanceof ClaimsUnbound
      this.#view.forget(ref.uid, { number, nodeName, nowMs: clock.now(), isLong })
      const refused = { term: this.#term, number, podUid: ref.uid, nodeName }
      await recordRefusal(this.#ports, refused, { origin, signal: this.#signal })
      if (isLong) await this.#recordFailure(stored, { message: error.message })
    } finally {
      const profile = schedulerNameOf(stored.object.spec)
      this.#metrics.attemptSeconds.observe({ result, profile }, (clock.now() - beganMs) / 1000)
    }
  }

  async #recordFailure(stored: StoredObject<Pod>, failure: Failure): Promise<void> {
    const { clock, logger = silent } = this.#ports
    const ref = refOf(stored.object)
    const about = { pod: ref, origin: originOf(stored) }
    try {
      if ('message' in failure) await recordBindingFailure(this.#ports, { ...about, ...failure })
      else await recordSchedulingFailure(this.#ports, { ...about, ...failure })
    } catch (error) {
      if (error instanceof KeyFailure) return this.#fail(stored, error)
      if (!isRefusal(error)) throw error
      // The pod stays parked, and the next attempt reports the reason again.
      logger.info({ pod: ref, reason: error.message }, 'failure not recorded')
      if (isRefusal(error, 'ServiceUnavailable')) await clock.sleep(retryMs, this.#signal)
    }
  }
}

const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0

/** The last recorded message about the pod's unschedulability. */
const failureOf = (pod: Pod): string | undefined =>
  pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
    ?.message
