import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { StatusError } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import type { Bus } from '../bus/bus.ts'
import { sampleEvent } from '../contract/sample-event.ts'
import { createFileSegments } from '../files/index.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import {
  createMemoryBus,
  createMemoryClock,
  createMemoryEventLog,
  createMemorySegments,
  createMemorySnapshots,
} from '../memory/index.ts'
import type { SegmentStore } from '../segments.ts'
import { GatheredFrames } from '../wire/gathered-frames.ts'
import { trustedEvents } from '../wire/wire.ts'
import { encodeWireEvent } from '../wire/wire-event.ts'
import { type CreateReader, createFollower, createReader } from './create-reader.ts'
import type { Projection } from './projection.ts'
import type { ReaderOptions } from './reader.ts'

const spared = 20

/** Sums by stream. Nothing can be added to one that was not set before; keys are withheld. */
class Sums implements Projection {
  position: bigint | undefined
  applied = 0
  readonly sums = new Map<string, number>()
  apply({ type, stream, position, data }: RecordedEvent): void {
    this.position = position
    this.applied++
    if (type.startsWith('$')) return
    const sum = this.sums.get(stream)
    const { n } = data as { n: number }
    if (type === 'Ended') this.sums.delete(stream)
    else if (type === 'Set') this.sums.set(stream, n)
    else if (sum !== undefined) this.sums.set(stream, sum + n)
    else assert.fail(`${stream} has nothing to add to at ${position}`)
  }
  supersedes({ type, stream }: RecordedEvent): boolean {
    return type !== 'Added' && !type.startsWith('$') && !stream.startsWith('keys-')
  }
  isWithheld({ stream }: RecordedEvent): boolean {
    return stream.startsWith('keys-')
  }
  snapshot(): Iterable<unknown> {
    return [String(this.position), ...this.sums]
  }
  restore(record: unknown): void {
    if (Array.isArray(record)) this.sums.set(String(record[0]), Number(record[1]))
    else this.position = BigInt(String(record))
  }
}

/** A log of some streams that begin, grow, are set anew and end at random. */
async function randomLog(random: Random, count = 150): Promise<EventLog> {
  const log = createMemoryEventLog()
  const exists = new Set<string>()
  for (let n = 0; n < count; n++) {
    const stream = `samples-a/${random.below(6)}`
    const kind = random.below(12)
    if (kind === 11) {
      await log.append(`keys-${n}`, 'Any', [{ ...sampleEvent({ n }), type: 'Set' }])
      if (random.chance(0.5)) await log.tombstone(`keys-${n}`)
      continue
    }
    const type = !exists.has(stream) || kind === 0 ? 'Set' : kind === 1 ? 'Ended' : 'Added'
    if (type === 'Ended') exists.delete(stream)
    else exists.add(stream)
    await log.append(stream, 'Any', [{ ...sampleEvent({ n }), type }])
  }
  return log
}

/** What a plain fold has after each event. */
async function foldedOf(log: EventLog): Promise<ReadonlyMap<bigint, Map<string, number>>> {
  const view = new Sums()
  const folded = new Map<bigint, Map<string, number>>()
  for await (const event of log.readAll()) {
    view.apply(event)
    folded.set(event.position, new Map(view.sums))
  }
  return folded
}

type Reading = {
  create?: CreateReader
  others?: readonly Projection[]
  /** The log and the wire as the reader reaches them. */
  from?: EventLog
  bus?: Bus
} & ReaderOptions

/** Reads to the end, and compares the view with the plain fold at the last events, and at each snapshot. */
async function readOnce(
  log: EventLog,
  { create = createReader, others = [], from = log, bus = createMemoryBus(), ...options }: Reading,
) {
  const clock = createMemoryClock()
  const stop = new AbortController()
  const view = new Sums()
  const folded = await foldedOf(log)
  const lastOnes = new Set([...folded.keys()].slice(-spared))
  const reader = create({ log: from, bus, clock }, [view, ...others], {
    sparedEvents: spared,
    ...options,
  })
  let told = 0
  reader.subscribe(({ position }) => {
    told++
    if (lastOnes.has(position)) assert.deepEqual(view.sums, folded.get(position))
  })
  const running = reader.run(stop.signal)
  for (let turn = 0; turn < 20; turn++) await clock.advance(500)
  await Promise.race([reader.ready, running])
  stop.abort()
  for (let turn = 0; turn < 4; turn++) await clock.advance(500)
  await running
  assert.deepEqual(view.sums, [...folded.values()].at(-1))
  assert.equal(told, view.applied)
  return { applied: view.applied, events: folded.size }
}

/** Snapshots of which each is compared with the plain fold. */
function comparedSnapshots(folded: ReadonlyMap<bigint, Map<string, number>>) {
  const store = createMemorySnapshots()
  const taken = { count: 0 }
  const save: typeof store.save = async (name, snapshot) => {
    const records = [...snapshot.records]
    const [position, ...sums] = records.map(([, record]) => record)
    assert.deepEqual(new Map(sums as [string, number][]), folded.get(BigInt(String(position))))
    taken.count++
    await store.save(name, { ...snapshot, records })
  }
  return { store: { ...store, save }, taken }
}

/** Changes a byte of one of the files. */
async function damage(folder: string, random: Random): Promise<void> {
  const files = await readdir(folder)
  const path = join(folder, files[random.below(files.length)] ?? '')
  const bytes = await readFile(path)
  const at = random.below(bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
}

/** Segments to which something happens once they were looked through. */
const thenDamaged = (segments: SegmentStore, happen: () => Promise<void>): SegmentStore => ({
  stretch: () => segments.stretch(),
  begin: (after) => segments.begin(after),
  add: (kept, isSuperseding) => segments.add(kept, isSuperseding),
  write: () => segments.write(),
  read: (span) => segments.read(span),
  close: () => segments.close(),
  async superseded(span) {
    const found = await segments.superseded(span)
    await happen()
    return found
  },
})

for (let seed = 1; seed <= 25; seed++) {
  test(`a view that leaves out what is superseded is the plain fold, and so are its snapshots (seed ${seed})`, async () => {
    const random = new Random(seed)
    const log = await randomLog(random)
    const segments = createMemorySegments()
    const first = await readOnce(log, { segments })
    assert.equal(first.applied, first.events)
    const { store, taken } = comparedSnapshots(await foldedOf(log))
    const snapshots = { store, name: 'sums', everyEvents: 1 }
    const again = await readOnce(log, { segments, snapshots })
    assert.ok(again.applied < again.events)
    assert.ok(taken.count > 0)
    const restarted = await readOnce(log, { segments, snapshots })
    // The last one may be the store's own, at which no snapshot is taken.
    assert.ok(restarted.applied <= 1)
  })

  test(`where segments that were looked through end too soon, the log goes on with the same (seed ${seed})`, async () => {
    const random = new Random(seed)
    const log = await randomLog(random)
    const folder = await mkdtemp(join(tmpdir(), 'superseded-'))
    try {
      const segments = createFileSegments(folder, { fileBytesMax: 4000 })
      await readOnce(log, { segments })
      await readOnce(log, { segments: thenDamaged(segments, () => damage(folder, random)) })
      const { after, upTo } = (await segments.stretch()) ?? {}
      const kept = (await Array.fromAsync(segments.read({ after }))).flatMap((each) => each.kept)
      const rest = await Array.fromAsync(log.readAll({ after }))
      assert.deepEqual(
        kept.map(({ position }) => position),
        rest.map(({ position }) => position),
      )
      assert.equal(upTo, await log.head())
      await segments.close()
      await readOnce(log, { segments })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
}

/** Segments that are read a few entries at a time. */
const inSmallBatches = (segments: SegmentStore): SegmentStore => ({
  ...segments,
  async *read(span) {
    for await (const { kept, upTo } of segments.read(span)) {
      for (let begin = 0; begin < kept.length; begin += 5) {
        const some = kept.slice(begin, begin + 5)
        yield { kept: some, upTo: some.at(-1)?.position ?? upTo }
      }
    }
  },
})

test('what was left out before an outage is left out after it, whatever the wire brings meanwhile', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed)
    const log = await randomLog(random)
    const segments = inSmallBatches(createMemorySegments())
    await readOnce(log, { segments })
    const events = await Array.fromAsync(log.readAll())
    const bus = createMemoryBus()
    const wire = new GatheredFrames({ bus, clock: createMemoryClock() })
    let asked = 0
    const failsAt = 1 + random.below(6)
    const failing: EventLog = {
      ...log,
      readAll(span) {
        // Only withheld events are asked for one by one.
        if (span?.limit !== 1 || ++asked !== failsAt) return log.readAll(span)
        for (const [n, event] of events.entries()) {
          wire.add(trustedEvents, encodeWireEvent(event, events[n - 1]?.position))
        }
        wire.flush()
        throw new StatusError('ServiceUnavailable', 'away')
      },
    }
    const { applied } = await readOnce(log, { segments, from: failing, bus })
    assert.ok(asked >= failsAt && applied < events.length)
  }
})

test('no snapshot is kept of a view that has begun to leave out something, and is stopped then', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const log = await randomLog(new Random(seed))
    const segments = inSmallBatches(createMemorySegments())
    await readOnce(log, { segments })
    let [searches, asked] = [0, 0]
    const superseded: SegmentStore['superseded'] = async (span) => {
      if (++searches === 1) throw new Error('the disk cannot be read')
      return segments.superseded(span)
    }
    const readAll: EventLog['readAll'] = (span) => {
      if (span?.limit === 1 && ++asked === 3) throw new StatusError('ServiceUnavailable', 'away')
      return log.readAll(span)
    }
    const clock = createMemoryClock()
    const stop = new AbortController()
    const snapshots = { store: createMemorySnapshots(), name: 'sums' }
    const reader = createReader(
      { log: { ...log, readAll }, bus: createMemoryBus(), clock },
      [new Sums()],
      { segments: { ...segments, superseded }, snapshots, sparedEvents: spared },
    )
    reader.subscribe(() => searches > 1 && stop.abort())
    const running = reader.run(stop.signal)
    for (let turn = 0; turn < 20; turn++) await clock.advance(500)
    await running
    assert.equal(searches, 2)
    await readOnce(log, { segments, snapshots })
  }
})

test('where one projection needs every event, and by a follower of the log, all are read', async () => {
  const log = await randomLog(new Random(1))
  const segments = createMemorySegments()
  await readOnce(log, { segments })
  const needsAll: Projection = { position: undefined, apply() {} }
  for (const reading of [{ others: [needsAll] }, { create: createFollower }]) {
    const { applied, events } = await readOnce(log, { segments, ...reading })
    assert.equal(applied, events)
  }
})

test('a restart near the end of the segments leaves out nothing', async () => {
  const log = await randomLog(new Random(1))
  const segments = createMemorySegments()
  await readOnce(log, { segments })
  const { applied, events } = await readOnce(log, { segments, sparedEvents: 150 })
  assert.equal(applied, events)
})
