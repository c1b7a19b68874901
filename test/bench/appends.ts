import { randomUUID } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { withDurableLog } from './durable-log.ts'
import { Latencies } from './latencies.ts'
import { cpuMicrosOf } from './process-usage.ts'
import { podEvent, samplePod } from './sample-history.ts'

const seconds: Record<Size, number> = { tiny: 0.5, usual: 3, full: 5 }
const pod = samplePod('web')

/** Appends one or more events to a new stream. */
type Append = (stream: string, count: number) => Promise<unknown>

export const appends: Benchmark = {
  name: 'appends',
  about:
    'Events of some 500 bytes, each append to a stream of its own and acknowledged after fsync, through the services’ adapter and through the plain client; CPU of client and server for each event.',
  async run(size) {
    const rows = [bareSync()]
    await withDurableLog(async ({ log, serverPid }) => {
      const append: Append = (stream, count) => log.append(stream, 'NoStream', events(count))
      rows.push(...(await measureAll('adapter', append, serverPid, seconds[size])))
    })
    // A store of its own, of the same size as the other when that was measured.
    await withDurableLog(async ({ url, serverPid }) => {
      const client = EventStoreDBClient.connectionString(url)
      const append: Append = (stream, count) =>
        client.appendToStream(
          stream,
          events(count).map((event) => jsonEvent({ ...event, data: event.data as never })),
        )
      rows.push(...(await measureAll('plain client', append, serverPid, seconds[size])))
      await client.dispose()
    })
    return rows
  },
}

const events = (count: number) => Array.from({ length: count }, (_, n) => podEvent(pod, n + 1))

async function measureAll(through: string, append: Append, serverPid: number, forSeconds: number) {
  const rows: Row[] = []
  // The first run warms both processes up; its numbers do not count.
  await measure(append, { concurrency: 32, count: 1, serverPid, forSeconds: forSeconds / 2 })
  for (const [concurrency, count] of [
    [1, 1],
    [32, 1],
    [256, 1],
    [8, 100],
  ] as const) {
    const measured = await measure(append, { concurrency, count, serverPid, forSeconds })
    const what = `${count === 1 ? 'one' : count} at a time, ${concurrency} at once`
    rows.push({ through, what, ...measured, goal: goalOf(concurrency, count) })
  }
  return rows
}

const goalOf = (concurrency: number, count: number): string =>
  concurrency === 256 && count === 1 ? '≥ 10,000/s; server CPU ≤ client CPU' : ''

async function measure(
  append: Append,
  given: { concurrency: number; count: number; serverPid: number; forSeconds: number },
): Promise<Row> {
  const { concurrency, count, serverPid, forSeconds } = given
  const latencies = new Latencies()
  const begun = performance.now()
  const [ownBefore, serverBefore] = [cpuMicrosOf(process.pid), cpuMicrosOf(serverPid)]
  const write = async (): Promise<void> => {
    while (performance.now() < begun + forSeconds * 1000) {
      await latencies.time(() => append(`pods-bench/${randomUUID()}`, count))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, write))
  const recorded = latencies.count * count
  const elapsed = (performance.now() - begun) / 1000
  return {
    'events/s': shown(recorded / elapsed),
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    'client µs/event': shown((cpuMicrosOf(process.pid) - ownBefore) / recorded),
    'server µs/event': shown((cpuMicrosOf(serverPid) - serverBefore) / recorded),
  }
}

/** The lower bound of an append on this machine: 4 KiB written and synced on the store's disk. */
function bareSync(): Row {
  const path = join(tmpdir(), `bench-sync-${process.pid}`)
  const [file, page, latencies] = [openSync(path, 'w'), Buffer.alloc(4096), new Latencies()]
  for (let n = 0; n < 300; n++) {
    const begun = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    latencies.addMs(performance.now() - begun)
  }
  closeSync(file)
  rmSync(path)
  return {
    through: 'file',
    what: 'write 4 KiB and fdatasync',
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
  }
}
