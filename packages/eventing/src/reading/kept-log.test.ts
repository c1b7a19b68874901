import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleEvent } from '../contract/sample-event.ts'
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
import { createReader } from './create-reader.ts'
import type { Projection } from './projection.ts'
import type { ReaderOptions } from './reader.ts'

/** Remembers every event; what is in streams of secrets may be kept nowhere. */
class Journal implements Projection {
  position: bigint | undefined
  ids: string[] = []
  apply(event: RecordedEvent): void {
    this.position = event.position
    this.ids.push(event.id)
  }
  isWithheld({ stream }: RecordedEvent): boolean {
    return stream.startsWith('secrets-')
  }
}

class SavedJournal extends Journal {
  snapshot(): Iterable<unknown> {
    return [String(this.position), ...this.ids]
  }
  restore(record: unknown): void {
    if (this.position === undefined) this.position = BigInt(String(record))
    else this.ids.push(String(record))
  }
}

async function append(log: EventLog, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await log.append(`${n % 4 === 0 ? 'secrets' : 'samples'}-a/x`, 'Any', [sampleEvent({ n })])
  }
}

const idsOf = async (log: EventLog) => (await Array.fromAsync(log.readAll())).map(({ id }) => id)

/** A reader that comes up to the log, and ends. */
async function readOnce(log: EventLog, options: ReaderOptions, journal: Journal = new Journal()) {
  const clock = createMemoryClock()
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => warnings.push(message) }
  let read = 0
  const counting: EventLog = {
    ...log,
    async *readAll(span) {
      for await (const event of log.readAll(span)) {
        read++
        yield event
      }
    },
  }
  const stop = new AbortController()
  const bus = createMemoryBus()
  const reader = createReader({ log: counting, bus, clock }, [journal], { ...options, logger })
  const running = reader.run(stop.signal)
  await clock.advance(500)
  await reader.ready
  stop.abort()
  await clock.advance(500)
  await running
  return { ids: journal.ids, read, warnings }
}

test('a view is rebuilt from the segments, and the log asked for what is withheld from them alone', async () => {
  const log = createMemoryEventLog()
  const segments = createMemorySegments()
  await append(log, 20)
  await readOnce(log, { segments })
  await append(log, 4)
  const { ids, read, warnings } = await readOnce(log, { segments })
  assert.deepEqual(ids, await idsOf(log))
  assert.equal(read, 5 + 4)
  assert.deepEqual(warnings, [])
})

test('what was withheld and is gone from the log is gone from a rebuilt view', async () => {
  const log = createMemoryEventLog()
  const segments = createMemorySegments()
  await append(log, 8)
  await readOnce(log, { segments })
  await log.tombstone('secrets-a/x')
  const { ids } = await readOnce(log, { segments })
  assert.deepEqual(ids, await idsOf(log))
})

test('segments of another log, or of one that was set back, begin anew', async () => {
  const segments = createMemorySegments()
  const other = createMemoryEventLog()
  await append(other, 8)
  await readOnce(other, { segments })
  const log = createMemoryEventLog()
  await append(log, 6)
  const first = await readOnce(log, { segments })
  assert.deepEqual(first.ids, await idsOf(log))
  assert.equal(first.warnings.length, 1)
  const second = await readOnce(log, { segments })
  assert.deepEqual(second.ids, await idsOf(log))
  assert.equal(second.read, 2)
})

test('what a snapshot is ahead of begins anew after it; what is before the segments comes from the log', async () => {
  const log = createMemoryEventLog()
  const snapshots = { store: createMemorySnapshots(), name: 'journal' }
  const [lost, segments] = [createMemorySegments(), createMemorySegments()]
  await append(log, 8)
  await readOnce(log, { segments: lost, snapshots }, new SavedJournal())
  await append(log, 4)
  const { read } = await readOnce(log, { segments, snapshots }, new SavedJournal())
  assert.equal(read, 4)
  const ahead = await readOnce(log, { segments: lost, snapshots }, new SavedJournal())
  assert.deepEqual(ahead.ids, await idsOf(log))
  assert.equal(ahead.warnings.length, 1)
  const fresh = await readOnce(log, { segments })
  assert.deepEqual(fresh.ids, await idsOf(log))
  assert.equal(fresh.read, 9 + 1)
})

/** Segments on a disk that refuses from some write on, or reads no further than some batch. */
function failing(segments: SegmentStore, fails: { write?: number; read?: number }): SegmentStore {
  let writes = 0
  return {
    ...segments,
    async write() {
      if (fails.write !== undefined && ++writes > fails.write) {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      }
      return segments.write()
    },
    async *read(span) {
      for await (const batch of segments.read(span)) {
        const kept = batch.kept.slice(0, fails.read)
        yield { kept, upTo: kept.at(-1)?.position ?? batch.upTo }
        if (fails.read !== undefined) throw new Error('input/output error')
      }
    },
  }
}

test('a full disk is done without, and said once', async () => {
  const log = createMemoryEventLog()
  await append(log, 1000)
  const segments = createMemorySegments()
  const { ids, warnings } = await readOnce(log, { segments: failing(segments, { write: 2 }) })
  assert.deepEqual(ids, await idsOf(log))
  assert.equal(warnings.length, 1)
  const again = await readOnce(log, { segments })
  assert.deepEqual(again.ids, await idsOf(log))
  assert.equal((await segments.stretch())?.upTo, await log.head())
})

test('where segments end too soon the log goes on', async () => {
  const log = createMemoryEventLog()
  const segments = createMemorySegments()
  await append(log, 20)
  await readOnce(log, { segments })
  const { ids, warnings } = await readOnce(log, { segments: failing(segments, { read: 6 }) })
  assert.deepEqual(ids, await idsOf(log))
  assert.equal(warnings.length, 2)
  assert.equal((await segments.stretch())?.upTo, await log.head())
})
