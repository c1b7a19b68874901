import { Alarm } from '@reckon/eventing'
import { createMetrics, InFlight } from '@reckon/process'
import { caughtUp } from '@reckon/process/trusted'
import { Placer } from './placer.ts'
import type { TermPorts } from './ports.ts'
import { schedulerMetrics } from './scheduler-metrics.ts'
import { SchedulingView } from './scheduling-view.ts'

const inFlightMax = 64
/**
 * How many own decisions the next one may rely upon before they return through the view: each is named in its event, so
 * a view that lags must not let them grow. Those that wait for claims do not count: they must not delay other pods.
 */
const assumedMax = 256
/**
 * The number of decisions made in a row; then they are sent, and the store writes them while the next ones are made.
 */
const turnDecisions = 16

/**
 * Runs one term: places pods as fast as the log accepts it, relying on its own placements before they return through
 * the view. It retries while the store is away; a pod that fails by a bug backs off; only a broken invariant ends the
 * term, and with it the process.
 */
export async function scheduleTerm(
  ports: TermPorts,
  term: number,
  signal: AbortSignal,
): Promise<void> {
  const { clock, objects, policies, metrics: registry = createMetrics() } = ports
  // The decisions of the previous term must be seen before this one decides.
  if (!(await caughtUp(ports, signal))) return
  const view = new SchedulingView(objects, policies)
  const metrics = schedulerMetrics(registry)
  metrics.queue = view.queue
  const placer = new Placer({ ...ports, metrics: registry }, { view, metrics, term, signal })
  const alarm = new Alarm(clock)
  const unsubscribe = objects.subscribe((change) => {
    const { assumedCount } = view
    if (view.apply(change) || view.assumedCount < assumedCount) alarm.ring()
    if (change.type === 'DELETED') placer.failedPods.forget(change.stored.object.metadata.uid ?? '')
  })
  const unsubscribePolicies = policies.subscribe(() => {
    view.judgeAnew()
    alarm.ring()
  })
  const recordings = new InFlight(inFlightMax, () => alarm.ring())
  const waits = new InFlight(Number.POSITIVE_INFINITY, () => alarm.ring())
  let decided = 0
  try {
    while (!signal.aborted) {
      recordings.throwFailure()
      waits.throwFailure()
      const { rings } = alarm
      const hasRoom = !recordings.isFull && view.assumedCount - waits.count < assumedMax
      const uid = hasRoom ? view.queue.pop(clock.now()) : undefined
      if (uid === undefined) {
        await alarm.wait(rings, { untilMs: hasRoom ? view.queue.nextAtMs : undefined, signal })
        continue
      }
      const stored = view.due(uid)
      const isLong = stored !== undefined && placer.waits(stored)
      const recording = stored && placer.decide(stored)
      if (recording) (isLong ? waits : recordings).add(recording)
      decided += 1
      if (decided % turnDecisions === 0) await clock.sleep(0, signal)
    }
  } finally {
    unsubscribe()
    unsubscribePolicies()
    await Promise.all([recordings.ended(), waits.ended()])
  }
}
