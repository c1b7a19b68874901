import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import { createMemoryEventLog } from '../memory/index.ts'
import type { Kept, KeptSpan, SegmentStore } from '../segments.ts'
import { isOfThisLog } from '../snapshots.ts'
import { collect, sampleEvent } from './sample-event.ts'

/** A log with events in several streams, and all these events. */
export async function sampleLog(count = 20): Promise<{ log: EventLog; events: RecordedEvent[] }> {
  const log = createMemoryEventLog()
  for (let n = 0; n < count; n++) {
    const data = n % 5 === 0 ? { text: 'ä\u2028'.repeat(n) } : { n }
    await log.append(`samples-${n % 3}/x`, 'Any', [sampleEvent(data)])
  }
  await log.limitStream('samples-0/x', 100)
  return { log, events: await collect(log.readAll()) }
}

/** The event as a plain object, whether or not its parts are parsed yet. */
const fields = (kept: Kept) =>
  'withheld' in kept
    ? kept
    : {
        id: kept.id,
        type: kept.type,
        stream: kept.stream,
        revision: kept.revision,
        position: kept.position,
        data: kept.data,
        metadata: kept.metadata,
      }

/** Adds events to a segment store, and writes them. */
export async function writeTo(store: SegmentStore, events: readonly Kept[]): Promise<void> {
  for (const event of events) store.add(event)
  await store.write()
}

/** What a segment store returns after a position. */
export const keptAfter = async (
  store: SegmentStore,
  after: bigint | undefined,
  span: Omit<KeptSpan, 'after'> = {},
) => (await collect(store.read({ after, ...span }))).flatMap(({ kept }) => kept.map(fields))

/** The contract of every `SegmentStore`. `open` opens a new one; `again` reopens the same one, as after a restart. */
export function segmentsContract(
  name: string,
  open: () => Promise<{ store: SegmentStore; again(): SegmentStore }>,
): void {
  describe(`segments (${name})`, () => {
    test('give back what was appended, in order, from any position on', async () => {
      const { store } = await open()
      const { log, events } = await sampleLog()
      assert.equal(await store.stretch(), undefined)
      await store.begin(undefined)
      for (let n = 0; n < events.length; n += 3) await writeTo(store, events.slice(n, n + 3))
      assert.deepEqual(await keptAfter(store, undefined), events)
      for (const [index, { position }] of events.entries()) {
        assert.deepEqual(await keptAfter(store, position), events.slice(index + 1))
      }
      const stretch = await store.stretch()
      assert.equal(stretch?.after, undefined)
      assert.equal(stretch?.upTo, events.at(-1)?.position)
      assert.ok(await isOfThisLog(log, stretch?.witnesses ?? []))
      await store.close()
    })

    test('give back at least what is up to a position, and tell how far they go', async () => {
      const { store } = await open()
      const { events } = await sampleLog()
      await store.begin(undefined)
      for (let n = 0; n < events.length; n += 3) await writeTo(store, events.slice(n, n + 3))
      for (const [index, { position: upTo }] of events.entries()) {
        const after = events[4]?.position
        const kept = await keptAfter(store, after, { upTo })
        assert.deepEqual(
          kept.filter((each) => each.position <= upTo),
          events.slice(5, Math.max(5, index + 1)),
        )
        const last = (await collect(store.read({ after, upTo }))).at(-1)
        assert.equal(last?.upTo, events.at(-1)?.position)
      }
      await store.close()
    })

    test('go on after a restart', async () => {
      const { store, again } = await open()
      const { log, events } = await sampleLog()
      const [first, rest] = [events.slice(0, 7), events.slice(7)]
      await store.begin(undefined)
      await writeTo(store, first)
      await store.close()
      const restarted = again()
      assert.equal((await restarted.stretch())?.upTo, first.at(-1)?.position)
      await writeTo(restarted, rest)
      assert.deepEqual(await keptAfter(restarted, undefined), events)
      assert.ok(await isOfThisLog(log, (await restarted.stretch())?.witnesses ?? []))
      await restarted.close()
    })

    test('begin anew after a position, before which nothing is kept', async () => {
      const { store } = await open()
      const { events } = await sampleLog()
      await store.begin(undefined)
      await writeTo(store, events)
      const after = events[9]?.position
      await store.begin(after)
      assert.deepEqual(await keptAfter(store, after), [])
      await writeTo(store, events.slice(10))
      assert.deepEqual(await keptAfter(store, after), events.slice(10))
      assert.deepEqual(await keptAfter(store, events[8]?.position), [])
      assert.equal((await store.stretch())?.after, after)
      await store.close()
    })

    test('leave out streams that are not wanted, and tell where an event is withheld', async () => {
      const { store } = await open()
      const { events } = await sampleLog()
      const kept = events.map(
        (event, n): Kept => (n === 4 ? { position: event.position, withheld: true } : event),
      )
      await store.begin(undefined)
      await writeTo(store, kept)
      const isWanted = (stream: string) => stream === 'samples-2/x'
      assert.deepEqual(
        await keptAfter(store, undefined, { isWanted }),
        kept.filter((each) => 'withheld' in each || isWanted(each.stream)),
      )
      await store.close()
    })

    test('find what is superseded by others than the last, and leave it out', async () => {
      const { store, again } = await open()
      const { events } = await sampleLog(40)
      const isSuperseding = (n: number) => n % 7 === 0
      await store.begin(undefined)
      for (const [n, event] of events.entries()) {
        store.add(n === 4 ? { position: event.position, withheld: true } : event, isSuperseding(n))
        if (n % 3 === 0) await store.write()
      }
      await store.write()
      await store.close()
      const reopened = again()
      for (const spared of [0, 1, 10, 30, 100]) {
        for (const begin of [0, 5, 20]) {
          const after = events[begin - 1]?.position
          const lasts = events
            .slice(begin, Math.max(begin, events.length - spared))
            .filter((event) => isSuperseding(events.indexOf(event)))
          const before = new Map(lasts.map(({ stream, position }) => [stream, position]))
          const superseded = await reopened.superseded({ after, spared })
          const upTo = lasts.at(-1)?.position
          assert.deepEqual(superseded, upTo === undefined ? undefined : { before, upTo })
          const wanted = events.slice(begin).flatMap((event): Kept[] => {
            const { stream, position } = event
            if (event === events[4]) return [{ position, withheld: true }]
            return position < (before.get(stream) ?? 0n) ? [] : [event]
          })
          assert.deepEqual(await keptAfter(reopened, after, { superseded }), wanted)
        }
      }
      await reopened.close()
    })
  })
}
