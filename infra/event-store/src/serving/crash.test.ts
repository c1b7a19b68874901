import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { collect, temporaryDir } from '../testing/open-test-store.ts'
import { type SpawnedStore, spawnEventStore } from '../testing/spawn-event-store.ts'

const rounds = process.env.RECKON_TEST_LONG === '1' ? 100 : 10
const appendersCount = 32

/** One writer with a stream of its own; every append is one, two or three events. */
interface Appender {
  readonly stream: string
  /** Events that were acknowledged. */
  acknowledged: number
  /** Appends made so far, acknowledged or not: names each append in its events. */
  appends: number
}

interface Written {
  readonly append: number
  readonly part: number
  readonly of: number
}

test(`${rounds} times killed under ${appendersCount} appenders, nothing acknowledged is lost`, async (context) => {
  const dataDir = temporaryDir(context)
  const appenders = Array.from(
    { length: appendersCount },
    (_, number): Appender => ({
      stream: `appender-${number}`,
      acknowledged: 0,
      appends: 0,
    }),
  )
  let store = await spawnEventStore(context, dataDir)
  for (let round = 0; round < rounds; round++) {
    await killUnderLoad(store, appenders, 50 + (round % 10) * 13)
    store = await spawnEventStore(context, dataDir)
    await verify(store, appenders)
  }
})

/** Appends as fast as it goes and kills the store as soon as that many appends are acknowledged. */
async function killUnderLoad(
  store: SpawnedStore,
  appenders: readonly Appender[],
  killAfter: number,
): Promise<void> {
  const client = EventStoreDBClient.connectionString(store.url)
  let acknowledgements = 0
  let killed: Promise<void> | undefined
  const run = async (appender: Appender) => {
    while (killed === undefined) {
      const of = 1 + (appender.appends % 3)
      const append = appender.appends++
      const events = Array.from({ length: of }, (_, part) =>
        jsonEvent({ type: 'Written', data: { append, part, of } }),
      )
      const last = BigInt(appender.acknowledged - 1)
      const expectedRevision = last < 0n ? ('no_stream' as const) : last
      const outcome = await client
        .appendToStream(appender.stream, events, { expectedRevision })
        .catch((error: { type?: string; code?: number }) => error)
      if (!('success' in outcome)) {
        assert.ok(outcome.type === 'unavailable' || outcome.code === 14, String(outcome))
        return
      }
      appender.acknowledged += of
      if (++acknowledgements === killAfter) killed = store.kill('SIGKILL')
    }
  }
  await Promise.all(appenders.map(run))
  await killed
  await client.dispose()
}

/** What was acknowledged is there, in order and once; what was not is there whole or not at all. */
async function verify(store: SpawnedStore, appenders: readonly Appender[]): Promise<void> {
  const client = EventStoreDBClient.connectionString(store.url)
  let total = 0
  for (const appender of appenders) {
    const events = await collect(client.readStream(appender.stream)).catch((error) => {
      if (error.type === 'stream-not-found') return []
      throw error
    })
    assert.ok(events.length >= appender.acknowledged, `${appender.stream} lost events`)
    const written = events.map(({ event }, index) => {
      assert.equal(event?.revision, BigInt(index))
      return event?.data as unknown as Written
    })
    written.forEach(({ append, part, of }, index) => {
      const before = written[index - 1]
      if (part > 0) assert.deepEqual(before, { append, part: part - 1, of })
      else if (before !== undefined) assert.ok(before.append < append && isLast(before))
    })
    const last = written.at(-1)
    assert.ok(last === undefined || isLast(last), `${appender.stream} ends with half an append`)
    appender.acknowledged = events.length
    total += events.length
  }
  const all = await collect(client.readAll())
  const positions = all.map(({ event }) => event?.position.commit ?? 0n)
  assert.ok(positions.every((at, index) => index === 0 || at > (positions[index - 1] ?? 0n)))
  assert.equal(all.filter(({ event }) => event?.type === 'Written').length, total)
  await client.dispose()
}

function isLast({ part, of }: Written): boolean {
  return part === of - 1
}
