import { EventStoreDBClient, START } from '@eventstore/db-client'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { recordHistory, withDurableLog } from './durable-log.ts'
import { cpuMicrosOf } from './process-usage.ts'

const historyEvents: Record<Size, number> = { tiny: 5000, usual: 100_000, full: 200_000 }

export const reads: Benchmark = {
  name: 'reads',
  about: 'A history of some 700 bytes per event, read from its beginning.',
  async run(size) {
    return withDurableLog(async ({ log, url, serverPid }) => {
      await recordHistory(log, historyEvents[size])
      const timed = async (what: string, read: () => Promise<number>): Promise<Row> => {
        const [ownBefore, serverBefore] = [cpuMicrosOf(process.pid), cpuMicrosOf(serverPid)]
        const begun = performance.now()
        const count = await read()
        return {
          what,
          'events/s': shown((count * 1000) / (performance.now() - begun)),
          'client µs/event': shown((cpuMicrosOf(process.pid) - ownBefore) / count),
          'server µs/event': shown((cpuMicrosOf(serverPid) - serverBefore) / count),
        }
      }
      const rows = [
        await timed('adapter, readAll', () => countOf(log.readAll())),
        await timed('adapter, follow until caught up', async () => {
          let count = 0
          const stop = new AbortController()
          for await (const next of log.follow(undefined, stop.signal)) {
            if ('caughtUp' in next) break
            count++
          }
          return count
        }),
        await timed('adapter, readStream of 100 events each', async () => {
          let count = 0
          for (let n = 0; n < 200; n++) {
            const stream = `pods-bench/web-${n % (historyEvents[size] / 100)}`
            count += await countOf(log.readStream(stream))
          }
          return count
        }),
      ]
      await log.close()
      const client = EventStoreDBClient.connectionString(url)
      const readAll = () => countOf(client.readAll({ fromPosition: START }))
      const plain = await timed('plain client, readAll', readAll)
      await client.dispose()
      return [...rows, plain]
    })
  },
}

async function countOf(events: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of events) count++
  return count
}
