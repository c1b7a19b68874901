import { Objects } from '@reckon/domain'
import type { EventLog, NewEvent } from '@reckon/eventing'
import { pods } from '@reckon/kubernetes'
import { systemClock as clock, systemIds as ids } from '@reckon/process'
import { changeObject, type Target, type WritePorts, WriterView } from '@reckon/writing'
import { type Benchmark, type Size, shown } from './benchmark.ts'
import { withDurableLog } from './durable-log.ts'
import { Latencies } from './latencies.ts'
import { podEvent, podStream, samplePod } from './sample-history.ts'

const longChanges: Record<Size, number> = { tiny: 3000, usual: 100_000, full: 100_000 }
const samples: Record<Size, number> = { tiny: 20, usual: 300, full: 600 }
const shortChanges = 10
const origin = { actor: { user: 'bench' }, verb: 'patch' }

export const updates: Benchmark = {
  name: 'updates',
  about:
    'Updates of one object, taking turns: with 10 changes behind it (each time another such object) and with 100,000. “Lost race”: the writer’s view lacks the newest change, so that its append is refused and it reads the stream back to the last whole object.',
  async run(size) {
    return withDurableLog(async ({ log }) => {
      const count = samples[size]
      const writer = new Writer(log)
      await writer.record('long', longChanges[size])
      // Half of them for each case, and some to warm up.
      for (let n = 0; n < count * 2 + warmUps; n++) await writer.record(`short-${n}`, shortChanges)
      await writer.catchUp()
      const rows = []
      let next = 0
      for (const what of ['view up to date', 'lost race'] as const) {
        const [short, long] = [new Latencies(), new Latencies()]
        for (let n = -warmUps / 2; n < count; n++) {
          const name = `short-${next++}`
          const few = await writer.update(name, what === 'lost race')
          const many = await writer.update('long', what === 'lost race')
          if (n < 0) continue
          short.addMs(few)
          long.addMs(many)
        }
        const [shortMs, longMs] = [short.percentileMs(0.5), long.percentileMs(0.5)]
        rows.push({
          what,
          [`p50 ms after ${shortChanges}`]: shown(shortMs),
          [`p50 ms after ${shown(longChanges[size])}`]: shown(longMs),
          ratio: shown(longMs / shortMs),
          goal: '≤ 1.2',
        })
      }
      return rows
    })
  },
}

const warmUps = 20

/** A service that writes pods, with a view that reads the log only when asked, and a rival in another process. */
class Writer {
  readonly #ports: WritePorts
  readonly #rival: WritePorts
  readonly #objects = new Objects()
  #count = 0

  constructor(log: EventLog) {
    const reader = { waitForHead: () => this.catchUp().then(() => true) }
    this.#ports = { log, clock, ids, known: new WriterView(this.#objects), reader }
    this.#rival = { ...this.#ports, known: new WriterView(this.#objects) }
  }

  /** A pod with this many changes. */
  async record(name: string, changes: number): Promise<void> {
    const pod = samplePod(name)
    for (let begin = 0; begin <= changes; begin += 500) {
      const events: NewEvent[] = []
      for (let n = begin; n <= changes && n < begin + 500; n++) events.push(podEvent(pod, n))
      await this.#ports.log.append(podStream(pod), 'Any', events)
    }
  }

  async catchUp(): Promise<void> {
    const after = this.#objects.position
    for await (const event of this.#ports.log.readAll({ after })) this.#objects.apply(event)
  }

  /** How long an update takes, in milliseconds. */
  async update(name: string, isRaceLost: boolean): Promise<number> {
    if (isRaceLost) await this.#change(this.#rival, name)
    const begun = performance.now()
    await this.#change(this.#ports, name)
    const elapsedMs = performance.now() - begun
    await this.catchUp()
    return elapsedMs
  }

  async #change(ports: WritePorts, name: string): Promise<void> {
    const target: Target = { resource: pods, namespace: 'bench', name }
    const reason = `change-${this.#count++}`
    await changeObject(ports, {
      target,
      change: (pod) => ({ ...pod, status: { ...(pod.status as object), reason } }),
      origin,
      subresource: 'status',
    })
  }
}
