import type { StoredObject } from '@reckon/domain'
import { bindPod, type Decision, type Origin, recordSchedulingFailure } from '@reckon/domain'
import { type Clock, silent } from '@reckon/eventing'
import { isRefusal, type Pod } from '@reckon/kubernetes'
import { createAlarm } from '@reckon/process'
import { defaultPolicy, type Placement, place } from '@reckon/scheduling'
import { recordRefusal } from './placement-refused.ts'
import type { SchedulerPorts } from './run-scheduler.ts'
import { SchedulingView } from './scheduling-view.ts'

const actor = { user: 'system:kube-scheduler', client: 'reckon-scheduler' }
const inFlightMax = 64
const waitMs = 3_000
const retryMs = 1_000

/**
 * One term: places pods as fast as the log takes it, counting on its own placements before they come back through the
 * view. A store that is away is waited out; nothing it does here ends the process.
 */
export async function scheduleTerm(
  ports: SchedulerPorts,
  term: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, objects, reader, logger = silent } = ports
  // What the last term decided must be seen before this one decides.
  if (!(await caughtUp({ reader, clock }, signal))) return
  const view = new SchedulingView(objects)
  const alarm = createAlarm(clock)
  const unsubscribe = objects.subscribe((change) => {
    if (view.apply(change)) alarm.ring()
  })
  const inFlight = new Set<Promise<void>>()
  let decided = 0
  let broken: { error: unknown } | undefined

  const start = (work: Promise<void>): void => {
    const tracked = work
      .catch((error: unknown) => {
        broken ??= { error }
      })
      .then(() => {
        inFlight.delete(tracked)
        alarm.ring()
      })
    inFlight.add(tracked)
  }

  const decide = (stored: StoredObject<Pod>): void => {
    const pod = stored.object
    const placement = place(pod, view.cluster, defaultPolicy)
    if (placement.nodeName === undefined) {
      view.queue.park(pod.metadata.uid ?? '', clock.now())
      if (failureOf(pod) === placement.message) return
    }
    decided += 1
    const decision = decisionOf(placement, { term, number: decided })
    if (placement.nodeName !== undefined) start(bind(stored, placement.nodeName, decision))
    else start(recordFailure(stored, decision))
  }

  const decisionOf = (
    { nodes, message }: Placement,
    { term, number }: { term: number; number: number },
  ): Decision => ({
    term,
    number,
    view: { position: String(objects.position ?? 0n), eventId: objects.lastEventId },
    policy: defaultPolicy.name,
    assumed: view.assumed,
    nodes,
    message,
  })

  const bind = async (
    stored: StoredObject<Pod>,
    nodeName: string,
    decision: Decision,
  ): Promise<void> => {
    const { uid, ...ref } = refOf(stored.object)
    view.assume(stored.object, nodeName, decision.number)
    try {
      await bindPod(ports, { ...ref, uid }, nodeName, originOf(stored), decision)
    } catch (error) {
      if (!isRefusal(error)) throw error
      logger.info({ pod: ref, node: nodeName, reason: error.message }, 'placement refused')
      // Whether it was recorded is unknown: only a view that is later than the attempt can tell.
      if (isRefusal(error, 'Timeout')) {
        if (!(await caughtUp({ reader, clock }, signal))) return
        const { object } = objects.get<Pod>('pods', ref.namespace, ref.name) ?? {}
        if (object?.metadata.uid === uid && object.spec.nodeName === nodeName) return
      }
      view.forget(uid, decision.number, clock.now())
      const refused = { term, number: decision.number, podUid: uid, nodeName }
      await recordRefusal(ports, refused, { origin: originOf(stored), signal })
    }
  }

  const recordFailure = async (stored: StoredObject<Pod>, decision: Decision): Promise<void> => {
    try {
      await recordSchedulingFailure(ports, refOf(stored.object), decision, originOf(stored))
    } catch (error) {
      if (!isRefusal(error)) throw error
      // The pod stays parked; the next attempt tells why again.
      logger.info({ pod: refOf(stored.object), reason: error.message }, 'failure not recorded')
      if (isRefusal(error, 'ServiceUnavailable')) await clock.sleep(retryMs, signal)
    }
  }

  try {
    while (!signal.aborted) {
      // A broken invariant in what was started ends the term, and with it the process.
      if (broken) throw broken.error
      const uid = inFlight.size < inFlightMax ? view.queue.pop(clock.now()) : undefined
      if (uid === undefined) {
        const untilMs = inFlight.size < inFlightMax ? view.queue.nextAtMs : undefined
        await alarm.wait(untilMs, signal)
        continue
      }
      const stored = view.waiting(uid)
      if (stored) decide(stored)
    }
  } finally {
    unsubscribe()
    await Promise.allSettled(inFlight)
  }
}

/** Whether the view has reached what was recorded before this call; false only when the signal aborted. */
async function caughtUp(
  { reader, clock }: { reader: SchedulerPorts['reader']; clock: Clock },
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      if (await reader.waitForHead(waitMs)) return true
    } catch (error) {
      if (!isRefusal(error)) throw error
      await clock.sleep(retryMs, signal)
    }
  }
  return false
}

const originOf = (stored: StoredObject): Origin => ({
  actor,
  verb: 'create',
  cause: stored.intent,
  fieldManager: 'reckon-scheduler',
})

const refOf = ({ metadata: { namespace = '', name, uid = '' } }: Pod) => ({ namespace, name, uid })

/** What was last recorded about the pod's unschedulability. */
const failureOf = (pod: Pod): string | undefined =>
  pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
    ?.message
