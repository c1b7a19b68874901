/**
 * Appends, reads and catch-up of the embedded event store through the unmodified client, server and
 * client in processes of their own: events per second, latency, and each side's CPU per event.
 *
 * node test/bench/event-store.ts [--durability full|normal] [--seconds 3] [-o json]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { END, EventStoreDBClient, jsonEvent } from '@eventstore/db-client'

interface Measured {
  readonly what: string
  readonly eventsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly clientCpuMicros: number
  readonly serverCpuMicros: number
}

/** About 200 bytes, as a typical change of an object. */
const event = (number: number) =>
  jsonEvent({ type: 'PodStatusChanged', data: { number, patch: 'x'.repeat(100) } })

const { values: flags } = parseArgs({
  options: {
    durability: { type: 'string', default: 'full' },
    seconds: { type: 'string', default: '3' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
})
const secondsMax = Number(flags.seconds)
const dataDir = mkdtempSync(join(tmpdir(), 'event-store-bench-'))
let streams = 0
const server = await start()
const client = EventStoreDBClient.connectionString(server.url)
try {
  const measured = await measureAll()
  if (flags.output === 'json') console.log(JSON.stringify(measured))
  else console.table(measured)
} finally {
  await client.dispose()
  server.child.kill('SIGTERM')
  await once(server.child, 'exit')
  rmSync(dataDir, { recursive: true })
}

async function start(): Promise<{ url: string; child: ChildProcess }> {
  const main = fileURLToPath(import.meta.resolve('@reckon/event-store/main'))
  const { durability } = flags
  const argv = [
    main,
    '--insecure',
    '--port',
    '0',
    '--data-dir',
    dataDir,
    '--durability',
    durability,
  ]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('esdb://')) return { url: line, child }
  }
  throw new Error('the event store did not start')
}

async function measureAll(): Promise<Measured[]> {
  await client.appendToStream('warm', event(0))
  const measured: Measured[] = []
  for (const concurrency of [1, 32, 256]) {
    // The first run warms both processes up; its number is another program's.
    await appends(concurrency, 1, secondsMax / 3)
    measured.push(await appends(concurrency, 1, secondsMax))
  }
  measured.push(await appends(8, 100, secondsMax))
  measured.push(await measure('read one stream', () => count(client.readStream('long'))))
  measured.push(await measure('read $all', () => count(client.readAll())))
  measured.push(await measure('catch up with $all', catchUp))
  measured.push(await live())
  return measured
}

/** So many writers, each awaiting its append before the next; every append to a new stream. */
async function appends(concurrency: number, eventsEach: number, seconds: number) {
  const what = `append ${eventsEach} at concurrency ${concurrency}`
  const end = performance.now() + seconds * 1000
  return measure(what, async (latenciesMs) => {
    let total = 0
    const run = async () => {
      while (performance.now() < end) {
        const begun = performance.now()
        const stream = eventsEach === 1 ? `pods-default/${streams++}` : 'long'
        await client.appendToStream(
          stream,
          Array.from({ length: eventsEach }, (_, i) => event(i)),
        )
        latenciesMs.push(performance.now() - begun)
        total += eventsEach
      }
    }
    await Promise.all(Array.from({ length: concurrency }, run))
    return total
  })
}

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let total = 0
  for await (const _ of events) total++
  return total
}

async function catchUp(): Promise<number> {
  const subscription = client.subscribeToAll()
  let total = 0
  subscription.on('data', () => total++)
  await once(subscription, 'caughtUp')
  await subscription.unsubscribe()
  return total
}

/** One append at a time; the latency is until a subscriber has it. */
async function live(): Promise<Measured> {
  const subscription = client.subscribeToAll({ fromPosition: END })
  let received: () => void = () => undefined
  subscription.on('data', () => received())
  await once(subscription, 'caughtUp')
  const measured = await measure('append to subscriber', async (latenciesMs) => {
    for (let number = 0; number < 500; number++) {
      const begun = performance.now()
      const arrived = new Promise<void>((resolve) => {
        received = resolve
      })
      await Promise.all([client.appendToStream('live', event(number)), arrived])
      latenciesMs.push(performance.now() - begun)
    }
    return 500
  })
  await subscription.unsubscribe()
  return measured
}

async function measure(
  what: string,
  run: (latenciesMs: number[]) => Promise<number>,
): Promise<Measured> {
  const latenciesMs: number[] = []
  const [begun, clientBefore, serverBefore] = [performance.now(), process.cpuUsage(), serverCpu()]
  const total = await run(latenciesMs)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(clientBefore)
  latenciesMs.sort((a, b) => a - b)
  const percentile = (part: number) => latenciesMs[Math.floor(latenciesMs.length * part)] ?? 0
  const round = (value: number) => Number(value.toFixed(2))
  return {
    what,
    eventsPerSecond: Math.round(total / seconds),
    p50Ms: round(percentile(0.5)),
    p99Ms: round(percentile(0.99)),
    clientCpuMicros: round((user + system) / total),
    serverCpuMicros: round((serverCpu() - serverBefore) / total),
  }
}

/** Microseconds of CPU that the server has used; the kernel counts them in hundredths of a second. */
function serverCpu(): number {
  const fields = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')
  return (Number(fields?.[11]) + Number(fields?.[12])) * 10_000
}
