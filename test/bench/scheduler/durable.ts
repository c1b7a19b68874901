import { Objects } from '@reckon/domain'
import { createFollower, type EventLog, type OpenReader } from '@reckon/eventing'
import { createMemoryBus } from '@reckon/eventing/memory'
import { systemClock, systemIds } from '@reckon/process'
import { runScheduler } from '@reckon/scheduler/run'
import { type Row, shown } from '../benchmark.ts'
import { withDurableLog } from '../durable-log.ts'
import type { Sized } from './core.ts'
import { namespaceOf, nodeName, nodeOf } from './objects.ts'
import { recordObjects } from './recorded-objects.ts'

/**
 * The same, by the scheduler as it runs: from its first decision until the last pod's is recorded, each acknowledged
 * after fsync. Where pods make way, until it is recorded for whom.
 */
export const measureDurable = (sized: Sized): Promise<Row> =>
  withDurableLog(async ({ log }) => {
    const { workload, nodes, pods: count } = sized
    const names = ['default', ...(workload.namespaces ?? [])]
    await recordObjects(log, names.map(namespaceOf))
    const all = Array.from({ length: nodes }, (_, index) => index)
    await recordObjects(log, all.map(nodeOf))
    await recordObjects(
      log,
      all.flatMap((node) => boundTo(workload.standing?.(node), node)),
    )
    const pods = Array.from({ length: count }, (_, index) => workload.create(index))
    await recordObjects(log, pods)
    const seconds = await secondsToDecide(log, count)
    return {
      what: `${workload.what}, durable`,
      nodes: shown(nodes),
      pods: shown(count),
      'µs/pod': shown((seconds * 1_000_000) / count),
      'pods/s': shown(count / seconds),
    }
  })

const boundTo = (pods: ReturnType<NonNullable<Sized['workload']['standing']>> = [], node: number) =>
  pods.map((pod) => ({ ...pod, spec: { ...pod.spec, nodeName: nodeName(node) } }))

/** Runs a scheduler until so many pods have their first decision on record. */
export async function secondsToDecide(log: EventLog, count: number): Promise<number> {
  const stop = new AbortController()
  const ports = { log, bus: createMemoryBus(), clock: systemClock, ids: systemIds }
  const decided = new Set<string>()
  const done = Promise.withResolvers<number>()
  let beganMs = 0
  const openReader: OpenReader = (projections) => {
    for (const objects of projections) {
      if (!(objects instanceof Objects)) continue
      objects.subscribe(({ stored, event: { type } }) => {
        if (type !== 'PodScheduled' && type !== 'PodSchedulingFailed') return
        beganMs ||= performance.now()
        decided.add(stored.object.metadata.uid ?? '')
        if (decided.size === count) done.resolve((performance.now() - beganMs) / 1000)
      })
    }
    return createFollower(ports, projections)
  }
  const running = runScheduler({ ...ports, openReader }, { holder: 'bench' }, stop.signal)
  running.catch(done.reject)
  try {
    return await done.promise
  } finally {
    stop.abort()
    await running
  }
}
