import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { FoldsInThreads, openPast } from '@reckon/api/past'
import { Objects } from '@reckon/domain'
import { createReader, type EventLog, type NewEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { createMemoryBus } from '@reckon/eventing/memory'
import { configMaps, type KubernetesObject, parseLabelSelector } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { systemClock as clock, systemIds } from '@reckon/process'
import { keptOnMachine } from '@reckon/process/trusted'
import { type EventStoreProcess, eventStoreProcess } from './event-store-process.ts'

let store: EventStoreProcess
let log: EventLog
let folder: string
before(async () => {
  store = await eventStoreProcess()
  await store.start()
  log = await openEventStore(store.url, { name: 'past-in-threads' })
  folder = await mkdtemp(join(tmpdir(), 'past-in-threads-'))
})
after(async () => {
  await log.close()
  await store.remove()
  await rm(folder, { recursive: true })
})

/** Namespaces whose streams are in another order than their objects in a list, and one that is not ASCII. */
const namespaces = ['a', 'a-b', 'a.b', 'ä'] as const
const metadata = {
  actor: { user: 'ada' },
  verb: 'patch',
  time: '2026-01-01T00:00:00.000Z',
  $correlationId: 'c',
}

const configMap = (namespace: string, name: string, app: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name, labels: { app }, finalizers: [] },
})

/** Objects that are created, changed so that no change may be lost or applied twice, and deleted. */
async function recordHistory(random: Random, living: Set<string>): Promise<void> {
  for (let n = 0; n < 100; n++) {
    const [namespace, name] = [random.of(namespaces), `c"${random.below(30)}`]
    const stream = `configmaps-${namespace}/${name}`
    const recorded = (type: string, data: object): Promise<unknown> => {
      const event: NewEvent = { id: systemIds.next(), type, data, metadata }
      return log.append(stream, 'Any', [event])
    }
    const patch = [{ op: 'add', path: '/metadata/finalizers/-', value: systemIds.next() }]
    if (!living.has(stream)) {
      living.add(stream)
      const object = configMap(namespace, name, random.chance(0.5) ? 'web' : 'db')
      await recorded('ConfigMapCreated', { object })
    } else if (random.chance(0.1)) {
      living.delete(stream)
      await recorded('ConfigMapDeleted', { patch: [] })
    } else await recorded('ConfigMapChanged', { patch })
  }
}

/** Reads the log as a service does, and stores of it what a service does: in the end a snapshot. */
async function readOnce(): Promise<Objects> {
  const objects = new Objects()
  const kept = keptOnMachine('api', folder, { keep: 'Series' })([objects])
  const stop = new AbortController()
  const reader = createReader({ log, bus: createMemoryBus(), clock }, [objects], {
    ...kept,
  })
  const running = reader.run(stop.signal)
  await reader.ready
  stop.abort()
  await running
  return objects
}

const ranges = [
  {},
  ...namespaces.map((namespace) => ({ namespace })),
  { after: 'a c"5' },
  { namespace: 'a-b', labels: parseLabelSelector('app=db') },
]

test('lists folded in threads, from what a service stores, are those of a fresh fold, byte by byte', async () => {
  const [random, living] = [new Random(1), new Set<string>()]
  let objects = new Objects()
  for (let part = 0; part < 4; part++) {
    await recordHistory(random, living)
    objects = await readOnce()
  }
  assert.ok((await readdir(join(folder, 'snapshots'))).length > 3, 'some snapshots are kept')
  const threads = new FoldsInThreads({ eventStore: store.url, dataDir: folder, masterKey: '' })
  const fresh = new Objects()
  const never = new AbortController().signal
  let listed = 0
  try {
    let applied = 0
    for await (const event of log.readAll()) {
      fresh.apply(event)
      if (++applied % 25 !== 0) continue
      for (const range of ranges) {
        // Each has a cache of its own, so that none is answered from what another one folded.
        const { at } = openPast({ log, clock, objects, pastFolds: threads.of(objects) })
        const found: (string | undefined)[] = []
        for await (const some of at(event.position).list(configMaps, range, never)) {
          for (const { json } of some) found.push(json?.toString())
        }
        const wanted = Iterator.from(fresh.scan(configMaps, range))
        assert.deepEqual(found, [...wanted.map(({ object }) => JSON.stringify(object))])
        listed += found.length
      }
    }
  } finally {
    await threads.close()
  }
  assert.ok(listed > 1000, `${listed} objects were compared`)
})
