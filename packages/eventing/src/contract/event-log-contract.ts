import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import { isSystemEvent, type RecordedEvent, withContent } from '../log/event.ts'
import type { Appended, EventLog } from '../log/event-log.ts'
import { collect, sampleEvent, sampleStream } from './sample-event.ts'

type Recorded = Extract<Appended, { recorded: true }>

/**
 * The contract of every `EventLog`, twin or real. Others may write to the same log: the tests touch only streams of
 * their own.
 */
export function eventLogContract(name: string, open: () => Promise<EventLog>): void {
  describe(`the event log (${name})`, () => {
    let log: EventLog
    before(async () => {
      log = await open()
    })
    after(() => log.close())

    const append = async (
      stream: string,
      expected: Parameters<EventLog['append']>[1],
      ...events: Parameters<EventLog['append']>[2]
    ): Promise<Recorded> => {
      const appended = await log.append(stream, expected, events)
      assert.ok(appended.recorded, `refused, though expected: ${JSON.stringify(appended, text)}`)
      return appended
    }
    const backwards = (stream: string, limit?: number) =>
      collect(
        log.readStream(stream, {
          direction: 'backwards',
          ...(limit === undefined ? {} : { limit }),
        }),
      )
    const idsAfter = async (position: bigint | undefined): Promise<string[]> =>
      (await collect(log.readAll({ after: position }))).map(({ id }) => id)

    test('gives back what was appended, as it was', async () => {
      const stream = sampleStream()
      const event = sampleEvent({ text: 'grüße ☃', list: [1, null, { deep: true }], big: 2 ** 53 })
      const { revision, position } = await append(stream, 'NoStream', event)
      assert.equal(revision, 0n)
      const [recorded] = await collect(log.readStream(stream))
      assert.ok(recorded)
      const { type, data } = recorded
      const copy = withContent(recorded, { type, data })
      assert.deepEqual(copy, { ...event, stream, revision, position })
    })

    test('gives an unknown stream no events', async () => {
      assert.deepEqual(await collect(log.readStream(sampleStream())), [])
      assert.deepEqual(await backwards(sampleStream()), [])
    })

    test('appends several events at once, all or none, with the last one’s position', async () => {
      const stream = sampleStream()
      const events = [sampleEvent(), sampleEvent(), sampleEvent()]
      const { revision, position } = await append(stream, 'NoStream', ...events)
      assert.equal(revision, 2n)
      const recorded = await collect(log.readStream(stream))
      assert.deepEqual(
        recorded.map(({ id }) => id),
        events.map(({ id }) => id),
      )
      assert.deepEqual(
        recorded.map((event) => event.revision),
        [0n, 1n, 2n],
      )
      assert.equal(recorded.at(-1)?.position, position)
    })

    test('says which revision a stream has when another writer was first', async () => {
      const stream = sampleStream()
      const lost = (expected: bigint | 'NoStream') => log.append(stream, expected, [sampleEvent()])
      assert.deepEqual(await lost(0n), { recorded: false, actual: 'NoStream' })
      await append(stream, 'NoStream', sampleEvent())
      assert.deepEqual(await lost('NoStream'), { recorded: false, actual: 0n })
      await append(stream, 0n, sampleEvent())
      assert.deepEqual(await lost(0n), { recorded: false, actual: 1n })
      assert.deepEqual(await lost(5n), { recorded: false, actual: 1n })
      assert.equal((await collect(log.readStream(stream))).length, 2)
    })

    test('lets exactly one of several writers win', async () => {
      const stream = sampleStream()
      const race = Array.from({ length: 10 }, () => log.append(stream, 'NoStream', [sampleEvent()]))
      const outcomes = await Promise.all(race)
      assert.equal(outcomes.filter(({ recorded }) => recorded).length, 1)
      assert.equal((await collect(log.readStream(stream))).length, 1)
    })

    test('records the same id once, and answers as it did the first time', async () => {
      const stream = sampleStream()
      const event = sampleEvent()
      const first = await append(stream, 'NoStream', event)
      assert.deepEqual(await append(stream, 'NoStream', event), first)
      await append(stream, 0n, sampleEvent())
      assert.deepEqual(await append(stream, 'NoStream', event), first)
      const third = sampleEvent()
      const appended = await append(stream, 'Any', third)
      assert.deepEqual(await append(stream, 'Any', third), appended)
      assert.deepEqual(await append(stream, 1n, third), appended)
      assert.equal((await collect(log.readStream(stream))).length, 3)
    })

    test('appends to whatever is there when nothing is expected', async () => {
      const stream = sampleStream()
      assert.equal((await append(stream, 'Any', sampleEvent())).revision, 0n)
      assert.equal((await append(stream, 'Any', sampleEvent())).revision, 1n)
    })

    test('reads a stream in both directions, from anywhere, in pages', async () => {
      const stream = sampleStream()
      await append(stream, 'NoStream', ...Array.from({ length: 5 }, (_, n) => sampleEvent({ n })))
      const revisions = async (events: AsyncIterable<RecordedEvent>) =>
        (await collect(events)).map(({ revision }) => Number(revision))
      const read = (options: Parameters<EventLog['readStream']>[1]) =>
        revisions(log.readStream(stream, options))
      assert.deepEqual(await read({ from: 3n }), [3, 4])
      assert.deepEqual(await read({ from: 1n, limit: 2 }), [1, 2])
      assert.deepEqual(await read({ from: 9n }), [])
      assert.deepEqual(await read({ direction: 'backwards' }), [4, 3, 2, 1, 0])
      assert.deepEqual(await read({ direction: 'backwards', from: 1n }), [1, 0])
      assert.deepEqual(await read({ direction: 'backwards', from: 3n, limit: 1 }), [3])
    })

    test('orders all streams by one strictly growing position, up to the head', async () => {
      const start = await log.head()
      const events = Array.from({ length: 4 }, () => sampleEvent())
      const positions: bigint[] = []
      for (const event of events)
        positions.push((await append(sampleStream(), 'NoStream', event)).position)
      const all = await collect(log.readAll({ after: start }))
      const ours = all.filter(({ id }) => events.some((event) => event.id === id))
      assert.deepEqual(
        ours.map(({ id }) => id),
        events.map(({ id }) => id),
      )
      assert.deepEqual(
        ours.map(({ position }) => position),
        positions,
      )
      for (const [index, { position }] of all.entries()) {
        assert.ok(position > (all[index - 1]?.position ?? start ?? -1n))
      }
      assert.ok(((await log.head()) ?? 0n) >= (positions.at(-1) as bigint))
    })

    test('reads everything after a position or from one on, in pages without a hole', async () => {
      const start = await log.head()
      await append(sampleStream(), 'NoStream', ...Array.from({ length: 7 }, () => sampleEvent()))
      const complete = await collect(log.readAll({ after: start }))
      const paged: RecordedEvent[] = []
      for (;;) {
        const page = await collect(
          log.readAll({ after: paged.at(-1)?.position ?? start, limit: 3 }),
        )
        paged.push(...page)
        if (page.length < 3) break
      }
      assert.deepEqual(paged.slice(0, complete.length), complete)
      assert.deepEqual(await idsAfter(await log.head()), [])
      const from = complete[0]?.position ?? 0n
      assert.deepEqual(await collect(log.readAll({ from, limit: 2 })), complete.slice(0, 2))
    })

    test('reads everything backwards, from the end or from a position, as far as somebody wants it', async () => {
      const events = Array.from({ length: 5 }, () => sampleEvent())
      await append(sampleStream(), 'NoStream', ...events)
      const forwards = await collect(log.readAll())
      const newest: RecordedEvent[] = []
      for await (const event of log.readAllBackwards()) {
        if (newest.push(event) === 3) break
      }
      assert.deepEqual(newest, forwards.slice(-3).reverse())
      const earlier = log.readAllBackwards(newest.at(-1)?.position)
      assert.deepEqual(await collect(earlier), forwards.slice(0, -3).reverse())
    })

    test('shows the store’s own events, bare', async () => {
      const start = await log.head()
      const [limited, ended] = [sampleStream(), sampleStream()]
      await append(limited, 'NoStream', sampleEvent())
      await log.limitStream(limited, 1)
      await log.tombstone(ended)
      const system = (await collect(log.readAll({ after: start }))).filter(isSystemEvent)
      const ours = system.filter(({ stream }) => stream.endsWith(limited) || stream === ended)
      assert.equal(ours.length, 2)
      for (const { data, metadata } of ours) {
        assert.equal(data, undefined)
        assert.equal(metadata, undefined)
      }
    })

    test('follows: what is there, the mark, then live, until told to stop', async () => {
      const start = await log.head()
      const stream = sampleStream()
      const [first, second, third] = [sampleEvent(), sampleEvent(), sampleEvent()]
      await append(stream, 'NoStream', first)
      const stop = new AbortController()
      const seen: string[] = []
      for await (const next of log.follow(start, stop.signal)) {
        if ('caughtUp' in next) {
          if (!seen.includes('caughtUp')) await append(stream, 0n, second)
          seen.push('caughtUp')
        } else if (next.stream === stream) {
          seen.push(next.id)
          if (next.id === second.id) await append(stream, 1n, third)
          if (next.id === third.id) stop.abort()
        }
      }
      const order = [first.id, 'caughtUp', second.id, third.id]
      assert.deepEqual([...new Set(seen)], order)
    })

    test('follows for several at once, each from where it asks', async () => {
      const start = await log.head()
      const events = [sampleEvent(), sampleEvent()]
      const first = await append(sampleStream(), 'NoStream', events[0] as never)
      await append(sampleStream(), 'NoStream', events[1] as never)
      const firstAfter = async (position: bigint | undefined) => {
        for await (const next of log.follow(position, AbortSignal.timeout(5000))) {
          if ('id' in next && events.some(({ id }) => id === next.id)) return next.id
        }
        return undefined
      }
      const seen = await Promise.all([firstAfter(start), firstAfter(first.position)])
      assert.deepEqual(
        seen,
        events.map(({ id }) => id),
      )
    })

    test('lets a reader stop early, many times over', async () => {
      const stream = sampleStream()
      await append(stream, 'NoStream', ...Array.from({ length: 20 }, () => sampleEvent()))
      // More rounds than a connection may have calls open.
      for (let round = 0; round < 120; round++) {
        for await (const _ of log.readStream(stream)) break
      }
      assert.equal((await backwards(stream, 1)).length, 1)
    })

    test('keeps only as many events as a stream’s limit says', async () => {
      const stream = sampleStream()
      await append(stream, 'NoStream', sampleEvent(), sampleEvent())
      await log.limitStream(stream, 1)
      await append(stream, 1n, sampleEvent({ last: true }))
      const left = await collect(log.readStream(stream))
      assert.deepEqual(
        left.map(({ revision }) => revision),
        [2n],
      )
    })

    test('ends a stream for ever', async () => {
      const stream = sampleStream()
      await append(stream, 'NoStream', sampleEvent())
      await log.tombstone(stream)
      await log.tombstone(stream)
      const gone = (error: unknown) => isRefusal(error, 'Gone')
      await assert.rejects(log.append(stream, 0n, [sampleEvent()]), gone)
      await assert.rejects(log.append(stream, 'NoStream', [sampleEvent()]), gone)
      await assert.rejects(collect(log.readStream(stream)), gone)
    })

    test('carries a large event that can be compressed', async () => {
      const stream = sampleStream()
      const event = sampleEvent({ lines: Array(60_000).fill('all work and no play') })
      await append(stream, 'NoStream', event)
      assert.deepEqual((await backwards(stream, 1))[0]?.data, event.data)
      assert.deepEqual((await backwards(stream, 1))[0]?.metadata, event.metadata)
    })

    test('refuses an event above its limit and goes on', async () => {
      const stream = sampleStream()
      for (const bytes of [1_100_000, 6_000_000]) {
        const large = sampleEvent({ noise: randomBytes(bytes).toString('base64') })
        await assert.rejects(log.append(stream, 'NoStream', [large]), (error) =>
          isRefusal(error, 'RequestEntityTooLarge'),
        )
      }
      await append(stream, 'NoStream', sampleEvent())
    })

    test('takes many appends at once, each stream in its order', async () => {
      const streams = Array.from({ length: 32 }, sampleStream)
      const writer = async (stream: string) => {
        for (let n = 0; n < 10; n++)
          await append(stream, n === 0 ? 'NoStream' : BigInt(n - 1), sampleEvent({ n }))
      }
      const start = await log.head()
      await Promise.all(streams.map(writer))
      const all = await collect(log.readAll({ after: start }))
      for (const stream of streams) {
        const numbers = all.filter((event) => event.stream === stream).map(({ data }) => data)
        assert.deepEqual(
          numbers,
          Array.from({ length: 10 }, (_, n) => ({ n })),
        )
      }
    })

    test('has room for names of every kind', async () => {
      const stream = `deployments.apps-default/web-${randomUUID()}`
      await append(stream, 'NoStream', sampleEvent())
      assert.equal((await backwards(stream))[0]?.stream, stream)
    })
  })
}

const text = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value
