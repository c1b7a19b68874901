import type { Decision, Nomination, StoredObject } from '@reckon/domain'
import { KeyFailure, silent } from '@reckon/eventing'
import { isRefusal, type Pod, schedulerNameOf } from '@reckon/kubernetes'
import {
  evictPod,
  isOfGone,
  recordSchedulingFailure,
  type Written,
  withdrawNomination,
} from '@reckon/writing'
import { recordRefusal } from './placement-refused.ts'
import type { TermPorts } from './ports.ts'
import type { SchedulerMetrics } from './scheduler-metrics.ts'
import type { SchedulingView } from './scheduling-view.ts'
import { surely } from './surely.ts'
import { originOf, refOf } from './written-for.ts'

const retryMs = 1_000

const becauseOf = ({ spec }: Pod) => ({
  reason: 'PreemptionByScheduler',
  message: `${schedulerNameOf(spec)}: preempting to accommodate a higher priority pod`,
})

type PreempterOptions = {
  view: SchedulingView
  metrics: SchedulerMetrics
  term: number
  signal: AbortSignal
}

/** A decision that nominates a node for a pod. */
export type Preempting = { stored: StoredObject<Pod>; decision: Decision; nomination: Nomination }

/** Carries out a nomination: records it, and only then evicts the victims. */
export class Preempter {
  readonly #ports: TermPorts
  readonly #options: PreempterOptions

  constructor(ports: TermPorts, options: PreempterOptions) {
    this.#ports = ports
    this.#options = options
  }

  /** Refusals do not reject it. Resolves to the failure where a bug of ours interfered. */
  async preempt(preempting: Preempting): Promise<KeyFailure | undefined> {
    const { view, metrics } = this.#options
    const { stored, decision, nomination } = preempting
    const { nodeName, victims } = nomination
    const eventId = this.#ports.ids.next()
    view.nominate(stored.object, { ...nomination, number: decision.number, eventId })
    let written: Written | undefined
    try {
      written = await this.#record(preempting, eventId)
    } catch (error) {
      return this.#refused(preempting, error)
    }
    if (written === undefined) return undefined
    metrics.preemptionVictims.observe(victims.length)
    const origin = { ...originOf(stored), cause: written.stored.last }
    const schedulerName = schedulerNameOf(stored.object.spec)
    const preemptor = { ...refOf(stored.object), nodeName, schedulerName }
    const because = becauseOf(stored.object)
    const evictions = victims.map((pod) => () => {
      return evictPod(this.#ports, {
        pod,
        because,
        preemptor,
        origin: { ...origin, verb: 'delete' },
      })
    })
    const withdrawals = view.outranked(stored.object, nodeName).map((pod) => () => {
      return withdrawNomination(this.#ports, { pod: refOf(pod), nodeName, origin })
    })
    const allDone = (writes: readonly (() => Promise<Written>)[]) =>
      Promise.all(writes.map((write) => this.#untilDone(write, refOf(stored.object))))
    const allGo = async () => {
      const kept = await allDone(evictions)
      // Victims that do not leave after all are not waited for.
      if (kept.some(Boolean)) view.stopWaiting(preemptor.uid, this.#ports.clock.now())
      return kept
    }
    const failures = (await Promise.all([allGo(), allDone(withdrawals)])).flat()
    return failures.find((error) => error instanceof KeyFailure)
  }

  #record({ stored, decision }: Preempting, eventId: string) {
    const failure = { pod: refOf(stored.object), decision, eventId }
    const origin = originOf(stored)
    return surely(this.#ports, this.#options.signal, () =>
      recordSchedulingFailure(this.#ports, { ...failure, origin }),
    )
  }

  async #refused(
    { stored, decision: { number }, nomination: { nodeName } }: Preempting,
    error: unknown,
  ): Promise<KeyFailure | undefined> {
    const { view, term, signal } = this.#options
    const { clock, logger = silent } = this.#ports
    const { uid, ...pod } = refOf(stored.object)
    if (!(error instanceof KeyFailure) && !isRefusal(error)) throw error
    logger.info({ pod, node: nodeName, reason: error.message }, 'nomination refused')
    // The term is over; the next one will see what became of the nomination.
    if (isRefusal(error, 'Timeout')) return undefined
    view.withdraw(uid, { number, nowMs: clock.now() })
    const refused = { term, number, podUid: uid, nodeName, isNomination: true }
    await recordRefusal(this.#ports, refused, { origin: originOf(stored), signal })
    return error instanceof KeyFailure ? error : undefined
  }

  /** Retries while the store is away; resolves to the refusal if the pod is still there. */
  async #untilDone(
    write: () => Promise<Written>,
    { namespace, name }: ReturnType<typeof refOf>,
  ): Promise<Error | undefined> {
    const { clock, logger = silent } = this.#ports
    const { signal } = this.#options
    while (!signal.aborted) {
      try {
        await write()
        return undefined
      } catch (error) {
        if (!(error instanceof KeyFailure) && !isRefusal(error)) throw error
        if (isOfGone(error)) return undefined
        const isOutage = isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')
        if (!isOutage) {
          const pod = { namespace, name }
          logger.info({ pod, reason: error.message }, 'what makes room for it is refused')
          return error
        }
        await clock.sleep(retryMs, signal)
      }
    }
    return undefined
  }
}
