import { Alarm } from '@reckon/eventing'
import { createMetrics, InFlight } from '@reckon/process'
import { caughtUp } from '@reckon/process/trusted'
import { ControllerRun } from './controller-run.ts'
import { createControllers } from './controllers.ts'
import { HeardUsages } from './horizontal-pod-autoscaler/heard-usages.ts'
import { Heartbeats } from './node-lifecycle/heartbeats.ts'
import type { TermPorts } from './ports.ts'
import { replicatorMetrics } from './replicator-metrics.ts'
import { TermSeconds } from './term-seconds.ts'
import { watchersOf } from './watching.ts'

const inFlightMax = 32
/** The default of upstream's node-monitor-grace-period for most of its history. */
export const nodeGraceSecondsDefault = 40

/**
 * Runs one term: reconciles everything once, then what each event concerns. A key is reconciled again only after the
 * view has seen what was written for it. A broken invariant ends the term, and with it the process.
 */
export async function replicateTerm(
  ports: TermPorts,
  signal: AbortSignal,
  { nodeGraceSeconds = nodeGraceSecondsDefault }: { nodeGraceSeconds?: number } = {},
): Promise<void> {
  const { clock, objects, metrics: registry = createMetrics() } = ports
  if (!(await caughtUp(ports, signal))) return
  const metrics = replicatorMetrics(registry, clock)
  const seconds = new TermSeconds()
  const heartbeats = new Heartbeats(ports)
  const usages = new HeardUsages(ports)
  const term = { seconds, heartbeats, usages, graceSeconds: nodeGraceSeconds }
  const alarm = new Alarm(clock)
  const ofTerm = { metrics, signal, onAdded: () => alarm.ring() }
  const watchings = createControllers(term, ports).map(({ controller, watches }) => ({
    run: new ControllerRun(controller, { ...ports, metrics: registry }, ofTerm),
    watches,
  }))
  const runs = watchings.map(({ run }) => run)
  const watchers = watchersOf(watchings)
  const works = new InFlight(inFlightMax, () => alarm.ring())
  const unsubscribe = objects.subscribe((change) => {
    for (const { run } of watchers(change.resource)) {
      const noting = run.receive(change)
      if (noting) works.add(noting)
    }
  })
  const ends = [unsubscribe, ...runs.map((run) => run.follow())]
  for (const run of runs) run.addAll()
  const counting = seconds.run(clock, signal)
  try {
    while (!signal.aborted) {
      works.throwFailure()
      const { rings } = alarm
      for (const run of runs) {
        while (!works.isFull) {
          const item = run.queue.take(clock.now())
          if (item === undefined) break
          works.add(run.work(item))
        }
      }
      await alarm.wait(rings, { untilMs: works.isFull ? undefined : nextAtMs(runs), signal })
    }
  } finally {
    for (const end of ends) end()
    await works.ended()
    await counting
  }
}

const nextAtMs = (runs: readonly ControllerRun[]): number | undefined => {
  const moments = runs.flatMap(({ queue }) => queue.nextAtMs ?? [])
  return moments.length > 0 ? Math.min(...moments) : undefined
}
