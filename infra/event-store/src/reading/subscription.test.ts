import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import {
  type AllStreamSubscription,
  END,
  eventTypeFilter,
  jsonEvent,
  type Position,
  START,
  type StreamSubscription,
  streamNameFilter,
} from '@eventstore/db-client'
import { openTestStore } from '../testing/open-test-store.ts'

const numbered = (count: number, type = 'Counted') =>
  Array.from({ length: count }, (_, number) => jsonEvent({ type, data: { number } }))

type Subscription = AllStreamSubscription | StreamSubscription

/** Collects what a subscription emits; `until` resolves once that many events have come. */
function record(subscription: Subscription) {
  const seen: string[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let caughtUp = 0
  subscription.on('caughtUp', () => caughtUp++)
  subscription.on('data', ({ event }) => {
    seen.push(`${event?.streamId}@${event?.revision}`)
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve()
  })
  return {
    seen,
    caughtUp: () => caughtUp,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (seen.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
  }
}

test('a subscription to a stream gives what is there, says so, and goes on', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('s', numbered(1000))
  const subscription = client.subscribeToStream('s', { fromRevision: 499n })
  const { seen, until, caughtUp } = record(subscription)
  await Promise.all([until(500), once(subscription, 'caughtUp')])
  await client.appendToStream('other', numbered(1))
  await client.appendToStream('s', numbered(2))
  await until(502)
  assert.deepEqual(
    seen,
    Array.from({ length: 502 }, (_, index) => `s@${index + 500}`),
  )
  assert.equal(caughtUp(), 1)
  await subscription.unsubscribe()
})

test('a subscription to a stream may wait for it to begin, or take only what is new', async (context) => {
  const { client } = await openTestStore(context)
  const early = client.subscribeToStream('s', { fromRevision: START })
  const earlier = record(early)
  await once(early, 'caughtUp')
  await client.appendToStream('s', numbered(2))
  await earlier.until(2)
  const late = client.subscribeToStream('s', { fromRevision: END })
  const later = record(late)
  await once(late, 'caughtUp')
  await client.appendToStream('s', numbered(1))
  await later.until(1)
  assert.deepEqual(later.seen, ['s@2'])
  await Promise.all([early.unsubscribe(), late.unsubscribe()])
})

test('a soft delete does not end a subscription, a tombstone does', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('s', numbered(2))
  const subscription = client.subscribeToStream('s')
  const { seen, until } = record(subscription)
  await until(2)
  await client.deleteStream('s')
  await client.appendToStream('s', numbered(1))
  await until(3)
  const ended = once(subscription, 'error')
  await client.tombstoneStream('s')
  const [error] = await ended
  assert.equal(error.type, 'stream-deleted')
  assert.deepEqual(seen, ['s@0', 's@1', 's@2', 's@9223372036854775807'])
})

test('a subscription to $all follows every stream after its position', async (context) => {
  const { client } = await openTestStore(context)
  const { position } = await client.appendToStream('a', numbered(2))
  assert.ok(position !== undefined)
  const subscription = client.subscribeToAll({ fromPosition: position })
  const { seen, until } = record(subscription)
  await once(subscription, 'caughtUp')
  await client.appendToStream('b', numbered(1))
  await client.appendToStream('a', numbered(1))
  await until(2)
  assert.deepEqual(seen, ['b@0', 'a@2'])
  await subscription.unsubscribe()
})

test('filters choose by type or stream, by prefix or regular expression', async (context) => {
  const { client } = await openTestStore(context)
  const filters = [
    eventTypeFilter({ prefixes: ['Pod', 'Node'] }),
    eventTypeFilter({ regex: '^(Pod|Node)Created$' }),
    streamNameFilter({ prefixes: ['pods-', 'nodes-'] }),
    streamNameFilter({ regex: '^(pods|nodes)-' }),
  ]
  const recordings = filters.map((filter) => {
    const subscription = client.subscribeToAll({ filter, fromPosition: START })
    return { subscription, ...record(subscription) }
  })
  await client.appendToStream('pods-a/b', numbered(1, 'PodCreated'))
  await client.appendToStream('services-a/b', numbered(1, 'ServiceCreated'))
  await client.appendToStream('nodes-/b', numbered(1, 'NodeCreated'))
  for (const { subscription, seen, until } of recordings) {
    await until(2)
    assert.deepEqual(seen, ['pods-a/b@0', 'nodes-/b@0'])
    await subscription.unsubscribe()
  }
})

test('a regular expression that is none is refused', async (context) => {
  const { client } = await openTestStore(context)
  const subscription = client.subscribeToAll({ filter: eventTypeFilter({ regex: '(' }) })
  subscription.resume()
  const [error] = await once(subscription, 'error')
  assert.match(error.message, /regular expression/)
})

test('a filtered subscription is told how far it came, though nothing matched', async (context) => {
  const { client } = await openTestStore(context)
  const checkpoints: Position[] = []
  const { position } = await client.appendToStream('s', numbered(384))
  const filter = eventTypeFilter({
    prefixes: ['Absent'],
    checkpointInterval: 2,
    checkpointReached: async (_subscription, reached) => {
      checkpoints.push(reached)
    },
  })
  const subscription = client.subscribeToAll({ filter, fromPosition: START })
  subscription.resume()
  await once(subscription, 'caughtUp')
  assert.ok([6, 7].includes(checkpoints.length), `${checkpoints.length} checkpoints`)
  assert.deepEqual(checkpoints.at(-1), position)
  await subscription.unsubscribe()
})
