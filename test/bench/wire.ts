import { randomUUID } from 'node:crypto'
import {
  createFollower,
  createReader,
  type Projection,
  type RecordedEvent,
  Relay,
  trustedEvents,
} from '@reckon/eventing'
import { connectBus } from '@reckon/eventing/nats'
import { systemClock as clock, systemIds as ids } from '@reckon/process'
import { natsServer } from '../contract/nats-server.ts'
import { type Benchmark, type Size, shown } from './benchmark.ts'
import { type DurableLog, withDurableLog } from './durable-log.ts'
import { Latencies } from './latencies.ts'
import { podEvent, samplePod } from './sample-history.ts'

const samples: Record<Size, number> = { tiny: 100, usual: 1000, full: 3000 }
const pod = samplePod('web')

export const wire: Benchmark = {
  name: 'wire',
  about:
    'One event after the other, with some rest between: from before the durable append until a view fed over NATS has applied it, and the append’s part of that.',
  async run(size) {
    const nats = await natsServer()
    await nats.start()
    try {
      return await withDurableLog((durable) => measure(durable, nats.url, samples[size]))
    } finally {
      await nats.kill()
    }
  },
}

async function measure({ log }: DurableLog, natsUrl: string, count: number) {
  const stop = new AbortController()
  const { signal } = stop
  const [relayBus, bus] = await Promise.all([
    connectBus({ servers: natsUrl, name: 'bench-relay' }),
    connectBus({ servers: natsUrl, name: 'bench-reader' }),
  ])
  const seenAt = new Map<string, number>()
  const view: Projection = {
    position: undefined,
    apply: ({ id }: RecordedEvent) => void seenAt.set(id, performance.now()),
  }
  const reader = createReader({ log, bus, clock }, [view])
  const follower = createFollower({ log, bus: relayBus, clock }, [])
  const relay = new Relay({ reader: follower, bus: relayBus, clock, ids })
  const runs = [follower, relay, reader].map((each) => each.run(signal))
  await reader.ready
  // From now on the relay receives, so that what is measured goes over the wire.
  const heard = Promise.withResolvers<void>()
  const end = bus.subscribe(trustedEvents, () => heard.resolve())
  await log.append('pods-bench/first', 'NoStream', [podEvent(pod, 1)])
  await heard.promise
  end()
  const [toView, toLog] = [new Latencies(), new Latencies()]
  // The first tenth warms up.
  for (let n = -count / 10; n < count; n++) {
    // Idle in between, so that nothing is batched.
    await clock.sleep(5)
    const event = podEvent(pod, 1)
    const begun = performance.now()
    const appended = await log.append(`pods-bench/${randomUUID()}`, 'NoStream', [event])
    const acknowledged = performance.now()
    if (!appended.recorded) throw new Error('a fresh stream refused an event')
    await reader.waitFor(appended.position, 5000)
    if (n < 0) continue
    toLog.addMs(acknowledged - begun)
    toView.addMs((seenAt.get(event.id) ?? Number.NaN) - begun)
  }
  stop.abort()
  await Promise.all(runs)
  await Promise.all([bus.close(), relayBus.close()])
  const row = (what: string, latencies: Latencies, goal = '') => ({
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    goal,
  })
  return [row('append → acknowledged', toLog), row('append → NATS → view', toView, 'p50 ≤ 2 ms')]
}
