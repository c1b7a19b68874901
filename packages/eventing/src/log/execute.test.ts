import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { isRefusal, StatusError } from '@reckon/kubernetes'
import { sampleEvent } from '../contract/sample-event.ts'
import { createMemoryEventLog } from '../memory/index.ts'
import type { EventLog } from './event-log.ts'
import { type Draft, execute } from './execute.ts'
import { type Fold, readFolded } from './fold.ts'

type Sum = { total: number }
type Added = { add: number; whole?: number }

const fold: Fold<Sum> = {
  initial: { total: 0 },
  evolve: ({ total }, { data }) => ({
    total: (data as Added).whole ?? total + (data as Added).add,
  }),
  isFullState: ({ data }) => (data as Added).whole !== undefined,
}
const ids = { next: randomUUID as () => string, below: () => 0 }
const stream = 'sums-a/b'

const adding = (add: number, whole?: number): Draft => {
  const { id: _, ...draft } = sampleEvent(whole === undefined ? { add } : { add, whole })
  return draft
}

/** The same log, counting what it reads. */
function counting(log: EventLog) {
  const read = { events: 0 }
  const counted: EventLog = {
    ...log,
    async *readStream(name, options) {
      for await (const event of log.readStream(name, options)) {
        read.events++
        yield event
      }
    },
  }
  return { log: counted, read }
}

test('creates a stream, and goes on from what the caller knows, without reading', async () => {
  const { log, read } = counting(createMemoryEventLog())
  const created = await execute({ log, ids }, stream, {
    known: undefined,
    fold,
    decide: () => adding(1),
  })
  assert.deepEqual(created.state, { total: 1 })
  const changed = await execute({ log, ids }, stream, {
    known: created,
    fold,
    decide: ({ total }) => adding(total * 10),
  })
  assert.deepEqual(changed.state, { total: 11 })
  assert.equal(changed.revision, 1n)
  assert.equal(changed.event?.position, await log.head())
  assert.equal(read.events, 0)
})

test('appends nothing where nothing is decided', async () => {
  const log = createMemoryEventLog()
  const { event } = await execute({ log, ids }, stream, {
    known: undefined,
    fold,
    decide: () => undefined,
  })
  assert.equal(event, undefined)
  assert.equal(await log.head(), undefined)
})

/** A stream of these, of which the caller knows the first few; what was decided on, recorded, and read of the log. */
function given(...adds: number[]) {
  const inner = createMemoryEventLog()
  const { log, read } = counting(inner)
  const totals: number[] = []
  const known = { count: adds.length }
  const when = async (decide: (total: number) => Draft | undefined) => {
    for (const add of adds) await inner.append(stream, 'Any', [sampleEvent({ add })])
    const sum = adds.slice(0, known.count).reduce((total, add) => total + add, 0)
    const folded = { state: { total: sum }, revision: BigInt(known.count - 1) }
    const outcome = await execute({ log, ids }, stream, {
      known: known.count === 0 ? undefined : folded,
      fold,
      decide: ({ total }) => {
        totals.push(total)
        return decide(total)
      },
    }).then(
      ({ state, event }) => (event ? `recorded ${state.total}` : `left ${state.total}`),
      (error) => (isRefusal(error, 'Invalid') ? 'refused' : Promise.reject(error)),
    )
    return { outcome, totals, read: read.events }
  }
  return {
    when,
    knownAre: (count: number) => {
      known.count = count
      return { when }
    },
  }
}

const isTen = (total: number) => (total === 10 ? undefined : adding(10 - total))
const onlyFromFive = (total: number) => {
  if (total !== 5) throw new StatusError('Invalid', `${total} is not 5`)
  return adding(1)
}

test('what appends costs no read while the caller knows the newest', async () => {
  assert.deepEqual(await given(1, 2).when(isTen), { outcome: 'recorded 10', totals: [3], read: 0 })
})

test('that there is nothing to do is looked up once: the newest event is the known one', async () => {
  assert.deepEqual(await given(1, 9).when(isTen), { outcome: 'left 10', totals: [10], read: 1 })
})

test('that there is nothing to do is not said on what has changed since', async () => {
  assert.deepEqual(await given(10, -3).knownAre(1).when(isTen), {
    outcome: 'recorded 10',
    totals: [10, 7],
    read: 1,
  })
})

test('a refusal is looked up once, and stands', async () => {
  assert.deepEqual(await given(1, 2).when(onlyFromFive), {
    outcome: 'refused',
    totals: [3],
    read: 1,
  })
})

test('a refusal is not given for what has changed since, nor for a stream that is there by now', async () => {
  for (const [count, before] of [
    [1, 3],
    [0, 0],
  ] as const) {
    const { outcome, totals } = await given(3, 2).knownAre(count).when(onlyFromFive)
    assert.equal(outcome, 'recorded 6')
    assert.deepEqual(totals, [before, 5])
  }
})

test('what was decided on the end after a lost race needs no second look', async () => {
  const oneLess = (total: number) => (total > 3 ? undefined : adding(1))
  assert.deepEqual(await given(3, 2).knownAre(1).when(oneLess), {
    outcome: 'left 5',
    totals: [3, 5],
    read: 1,
  })
})

test('after a lost race decides again on what the log says', async () => {
  const log = createMemoryEventLog()
  await log.append(stream, 'Any', [sampleEvent({ add: 5 }), sampleEvent({ add: 6 })])
  const totals: number[] = []
  const { state } = await execute({ log, ids }, stream, {
    known: { state: { total: 5 }, revision: 0n },
    fold,
    decide: ({ total }) => {
      totals.push(total)
      return adding(1)
    },
  })
  assert.deepEqual(totals, [5, 11])
  assert.deepEqual(state, { total: 12 })
})

test('reads back no further than to the last whole event', async () => {
  const inner = createMemoryEventLog()
  for (let n = 0; n < 200; n++) await inner.append(stream, 'Any', [sampleEvent({ add: 1 })])
  await inner.append(stream, 'Any', [sampleEvent({ add: 0, whole: 1000 })])
  for (let n = 0; n < 10; n++) await inner.append(stream, 'Any', [sampleEvent({ add: 1 })])
  const { log, read } = counting(inner)
  assert.deepEqual(await readFolded(log, stream, fold), { state: { total: 1010 }, revision: 210n })
  assert.equal(read.events, 11)
})

test('reads back no further than to what the caller knew', async () => {
  const { log, read } = counting(createMemoryEventLog())
  const events = [1, 2, 3, 4].map((add) => ({ ...adding(add), id: ids.next() }))
  await log.append(stream, 'NoStream', events)
  const known = { state: { total: 6 }, revision: 2n }
  const { state } = await execute({ log, ids }, stream, { known, fold, decide: () => adding(5) })
  assert.equal(state.total, 15)
  assert.equal(read.events, 1)
})

test('a create that is refused reads one event when that one ended the object', async () => {
  const inner = createMemoryEventLog()
  await inner.append(stream, 'Any', [sampleEvent({ add: 3 }), sampleEvent({ add: 0, whole: 0 })])
  const { log, read } = counting(inner)
  const { state } = await execute({ log, ids }, stream, {
    known: undefined,
    fold,
    decide: () => adding(1),
  })
  assert.deepEqual(state, { total: 1 })
  assert.equal(read.events, 1)
})

test('what the decider refuses goes to the caller', async () => {
  const log = createMemoryEventLog()
  const refused = execute({ log, ids }, stream, {
    known: undefined,
    fold,
    decide: () => {
      throw new StatusError('Invalid', 'no')
    },
  })
  await assert.rejects(refused, (error) => isRefusal(error, 'Invalid'))
})

test('gives up with Conflict after losing again and again', async () => {
  const log = createMemoryEventLog()
  let rivals = 0
  const rival: EventLog = {
    ...log,
    async append(name, expected, events) {
      rivals++
      await log.append(name, 'Any', [sampleEvent({ add: 1 })])
      return log.append(name, expected, events)
    },
  }
  const lost = execute({ log: rival, ids }, stream, {
    known: undefined,
    fold,
    decide: () => adding(1),
  })
  await assert.rejects(lost, (error) => isRefusal(error, 'Conflict'))
  assert.equal(rivals, 8)
})

/** A log whose appends go as the list says: lost on the way there, lost on the way back, or refused at once. */
function failing(log: EventLog, outcomes: ('Before' | 'After' | 'Away' | 'Well')[]): EventLog {
  return {
    ...log,
    async append(...args) {
      const outcome = outcomes.shift() ?? 'Well'
      if (outcome === 'Away') throw new StatusError('ServiceUnavailable', 'away')
      if (outcome === 'Before') throw new StatusError('Timeout', 'unknown')
      const appended = await log.append(...args)
      if (outcome === 'After') throw new StatusError('Timeout', 'unknown')
      return appended
    },
  }
}

for (const first of ['Before', 'After'] as const) {
  test(`an unknown outcome is asked again, and recorded once (lost ${first})`, async () => {
    const inner = createMemoryEventLog()
    const log = failing(inner, [first])
    const { state } = await execute({ log, ids }, stream, {
      known: undefined,
      fold,
      decide: () => adding(1),
    })
    assert.deepEqual(state, { total: 1 })
    assert.equal((await Array.fromAsync(inner.readAll())).length, 1)
  })
}

test('an outcome that stays unknown is a Timeout, also when the second append was surely not sent', async () => {
  for (const second of ['Before', 'Away'] as const) {
    const log = failing(createMemoryEventLog(), ['After', second])
    const unknown = execute({ log, ids }, stream, {
      known: undefined,
      fold,
      decide: () => adding(1),
    })
    await assert.rejects(unknown, (error) => isRefusal(error, 'Timeout'))
  }
})

test('a store that is surely away is ServiceUnavailable', async () => {
  const log = failing(createMemoryEventLog(), ['Away'])
  const away = execute({ log, ids }, stream, { known: undefined, fold, decide: () => adding(1) })
  await assert.rejects(away, (error) => isRefusal(error, 'ServiceUnavailable'))
})
