import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings, Objects } from '@reckon/domain'
import { createReader, silent } from '@reckon/eventing'
import { createMemoryEventLog, createMemoryHub } from '@reckon/eventing/memory'
import { systemClock, systemIds } from '@reckon/process'
import { WriterView } from '@reckon/writing'
import { type FoundingMemory, found } from './founding.ts'
import { untilFounded } from './until-founded.ts'

/** The ports of an api over the log, its view up to the head. */
async function readingApi(t: { after(end: () => void): void }, log = createMemoryEventLog()) {
  const stop = new AbortController()
  t.after(() => stop.abort())
  const objects = new Objects()
  const reading = { log, bus: createMemoryHub().connect('api'), clock: systemClock }
  const reader = createReader(reading, [objects])
  void reader.run(stop.signal)
  await reader.ready
  const known = new WriterView(objects)
  const logger = { ...silent, error() {} }
  const streams = reading.bus
  return { ...reading, streams, objects, known, reader, ids: systemIds, logger }
}

const remembering = (): FoundingMemory => {
  let known: string | undefined
  return {
    recall: async () => known,
    remember: async (cluster) => {
      known = cluster
    },
  }
}

test('an empty log is a new cluster, once', async (t) => {
  const log = createMemoryEventLog()
  const first = await found(await readingApi(t, log), defaultSettings, { named: 'c1' })
  const again = await found(await readingApi(t, log), defaultSettings)
  assert.equal(first.cluster, 'c1')
  assert.equal(again.founded, first.founded)
})

test("another cluster's log is refused", async (t) => {
  const log = createMemoryEventLog()
  await found(await readingApi(t, log), defaultSettings, { named: 'c1' })
  const other = found(await readingApi(t, log), defaultSettings, { named: 'c2' })
  await assert.rejects(other, /is that of the cluster c1, not of c2/)
})

test('an empty log in place of one that was founded is refused: nodes would lose their pods', async (t) => {
  const memory = remembering()
  await found(await readingApi(t), defaultSettings, { named: 'c1', memory })
  const elsewhere = found(await readingApi(t), defaultSettings, { named: 'c1', memory })
  await assert.rejects(elsewhere, /this event store is empty; the log of the cluster c1/)
})

test('of apis that found at once one wins, and all go on with its cluster and what it has', async (t) => {
  const log = createMemoryEventLog()
  const memory = remembering()
  const apis = await Promise.all([1, 2, 3].map(() => readingApi(t, log)))
  const founding = { cluster: 'c1', memory, settings: defaultSettings }
  const signal = AbortSignal.timeout(10_000)
  await Promise.all(apis.map((ports) => untilFounded(ports, founding, signal)))
  assert.equal(signal.aborted, false)
  const types: Record<string, number> = {}
  for await (const { type } of log.readAll()) types[type] = (types[type] ?? 0) + 1
  assert.deepEqual(types, { ClusterFounded: 1, NamespaceCreated: 4 })
})
