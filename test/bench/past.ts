import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { FoldsInThreads, openPast } from '@reckon/api/past'
import { Objects } from '@reckon/domain'
import { createReader, type EventLog, type SnapshotStore, snapshotPosition } from '@reckon/eventing'
import { createMemoryBus } from '@reckon/eventing/memory'
import { pods } from '@reckon/kubernetes'
import { systemClock as clock } from '@reckon/process'
import { keptOnMachine } from '@reckon/process/trusted'
import { askHistory, recordRequest } from './ask-history.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { recordHistory, withDurableLog } from './durable-log.ts'
import { Latencies } from './latencies.ts'
import { LongestTurn } from './longest-turn.ts'

const historyEvents: Record<Size, number> = { tiny: 5000, usual: 100_000, full: 1_000_000 }
const gets: Record<Size, number> = { tiny: 20, usual: 200, full: 1000 }
const lists: Record<Size, number> = { tiny: 2, usual: 10, full: 20 }

/** Each tenth pod is in a namespace of its own. */
const namespaceOf = (pod: number): string => (pod % 10 === 0 ? 'shop' : 'bench')

export const past: Benchmark = {
  name: 'past',
  about:
    'The past of a long history at positions drawn at random, from its store, snapshots and segments on this machine: one pod as it was, and all pods of a small and of a large namespace as JSON, cold, near a snapshot and seen before; the longest stop of the event loop meanwhile and what it costs of CPU, and the memory before and after. Then what an api answers about it by its index.',
  async run(size) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-past-'))
    try {
      return await withDurableLog(async ({ log, url }) => {
        await recordRequest(log)
        await recordHistory(log, historyEvents[size], (pod) => ({ namespace: namespaceOf(pod) }))
        const view = await readHistory(log, folder)
        const threads = new FoldsInThreads({ eventStore: url, dataDir: folder, masterKey: '' })
        try {
          const rows = [
            ...(await askPast(log, { ...view, threads }, size)),
            ...(await askHistory(log, folder, { count: lists[size], threads })),
          ]
          return rows.map((row) => ({ events: shown(historyEvents[size]), ...row }))
        } finally {
          await threads.close()
        }
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

type View = Awaited<ReturnType<typeof readHistory>> & { threads: FoldsInThreads }

/** Reads the log once, as a service does, and keeps of it what a service keeps; tells where it was on the way. */
async function readHistory(log: EventLog, folder: string) {
  const objects = new Objects()
  const kept = keptOnMachine('api', folder, { keep: 'Series' })([objects])
  const snapshots = { ...kept.snapshots, everyEvents: 5000 }
  const positions: bigint[] = []
  objects.subscribe(({ event }) => {
    if (event.revision % 7n === 0n) positions.push(event.position)
  })
  const stop = new AbortController()
  const reader = createReader({ log, bus: createMemoryBus(), clock }, [objects], {
    ...kept,
    snapshots,
  })
  const running = reader.run(stop.signal)
  await reader.ready
  stop.abort()
  await running
  return { objects, positions, snapshots: await snapshotsOf(kept.snapshots, positions) }
}

/** Where the snapshots are that are kept. */
async function snapshotsOf(
  { store, name }: { store: SnapshotStore; name: string },
  positions: readonly bigint[],
): Promise<readonly bigint[]> {
  const found: bigint[] = []
  for (let before = positions.at(-1) ?? 0n; ; ) {
    await using snapshot = await store.loadAt(name, before)
    if (snapshot === undefined) return found
    found.push(snapshotPosition(snapshot))
    before = snapshotPosition(snapshot) - 1n
  }
}

async function askPast(log: EventLog, view: View, size: Size): Promise<readonly Row[]> {
  const { objects, positions, snapshots, threads } = view
  const { at } = openPast({ log, clock, objects, pastFolds: threads.of(objects) })
  const drawn = <T>(all: readonly T[], fallback: T): T =>
    all[Math.floor(Math.random() * all.length)] ?? fallback
  const position = () => drawn(positions, 0n)
  /** Some events after a snapshot; seldom the same. */
  const nearSnapshot = () => {
    const snapshot = drawn(snapshots, 0n)
    const next = positions.findIndex((each) => each > snapshot)
    return drawn(positions.slice(next, next + 100), snapshot)
  }
  const all = objects.list(pods).map(({ object }) => object.metadata)
  const never = new AbortController().signal
  const rows = [
    await timed('one pod', gets[size], '≤ 20', async () => {
      const { namespace = '', name = '' } = drawn(all, { namespace: '', name: '' })
      await at(position()).get(pods, namespace, name, never)
    }),
  ]
  for (const namespace of ['shop', 'bench']) {
    const count = all.filter((each) => each.namespace === namespace).length
    const list = (what: string, goal: string, positionOf: () => bigint) =>
      timed(
        `${shown(count)} pods of a namespace${what}`,
        lists[size],
        `p50 ≤ ${goal}`,
        async () => {
          for await (const some of at(positionOf()).list(pods, { namespace }, never)) {
            if (some.some(({ json }) => json === undefined)) throw new Error('a pod is not as JSON')
          }
        },
      )
    const seen = position()
    rows.push(
      await list('', '1,000', position),
      await list(' near a snapshot', '50', nearSnapshot),
      await list(', seen before', '50', () => seen),
    )
  }
  return rows
}

async function timed(
  what: string,
  count: number,
  goal: string,
  act: () => Promise<void>,
): Promise<Row> {
  const latencies = new Latencies()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const before = process.memoryUsage.rss()
  await act()
  delay.enable()
  const turns = new LongestTurn()
  for (let n = 0; n < count; n++) await latencies.time(act)
  delay.disable()
  const turnMs = turns.end()
  return {
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    'most CPU ms in a turn': shown(turnMs),
    'longest stop ms': shown(delay.max / 1e6),
    'MiB before': shown(before / 2 ** 20),
    'MiB after': shown(process.memoryUsage.rss() / 2 ** 20),
    goal,
  }
}
