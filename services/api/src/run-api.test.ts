import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings, Objects } from '@reckon/domain'
import { createFollower, type OpenReader } from '@reckon/eventing'
import { apiListening, listeningIn } from '@reckon/eventing/bus'
import { createMemoryEventLog, createMemoryHub } from '@reckon/eventing/memory'
import { namespaces } from '@reckon/kubernetes'
import { type NodeUpsert, nodeCredentials, runNodeReader } from '@reckon/node-plane'
import { systemClock as clock, systemIds as ids } from '@reckon/process'
import { runApi } from './run-api.ts'

const logger = { info() {}, warn() {}, error() {} }

/** An api that runs as its process would, and another connection to its wire. */
function running(log = createMemoryEventLog(), cluster = 'c') {
  const hub = createMemoryHub()
  const stop = new AbortController()
  const ports = {
    log,
    bus: hub.connect('api'),
    streams: hub.connect('streams'),
    clock,
    ids,
    logger,
  }
  let objects = new Objects()
  let reader = createFollower(ports, [objects])
  const openReader: OpenReader = (projections) => {
    objects = projections[0] as Objects
    reader = createFollower(ports, projections)
    return reader
  }
  const listen = async () => undefined
  const founding = { cluster, settings: defaultSettings, advertise: '192.0.2.1', port: 6443 }
  const ended = runApi({ ...ports, openReader, listen }, founding, stop.signal)
  return { log, hub, objects, stop, ended }
}

test('an api on an empty log founds its cluster, speaks with nodes, and ends when told to', async () => {
  const { hub, stop, ended, log } = running()
  const listening = new Promise((resolve) => {
    hub.connect('replicator').subscribe(apiListening, ({ data }) => resolve(listeningIn(data)))
  })
  const state = Promise.withResolvers<readonly NodeUpsert[]>()
  const reading = runNodeReader(
    { bus: hub.connect('node', nodeCredentials('a')), clock, log: logger },
    { node: 'a', wire: 'Shared' },
    { onState: ({ objects }) => state.resolve(objects), onChanges() {} },
    stop.signal,
  )
  assert.deepEqual(await state.promise, [])
  assert.deepEqual(await listening, { address: '192.0.2.1', port: 6443 })
  stop.abort()
  await Promise.all([reading, ended])
  const events = await Array.fromAsync(log.readAll())
  assert.equal(events[0]?.type, 'ClusterFounded')
  assert.deepEqual(events.filter(({ type }) => type === 'NamespaceCreated').length, 4)

  const again = running(log)
  again.stop.abort()
  await again.ended
  assert.equal((await Array.fromAsync(log.readAll())).length, events.length)
})

test('two apis that start at once found one cluster', async () => {
  const log = createMemoryEventLog()
  const both = [running(log), running(log)]
  const isFounded = ({ objects }: (typeof both)[number]) => objects.count(namespaces) === 4
  while (!both.every(isFounded)) await clock.sleep(10)
  for (const { stop } of both) stop.abort()
  await Promise.all(both.map(({ ended }) => ended))
  const types = (await Array.fromAsync(log.readAll())).map(({ type }) => type)
  const count = (wanted: string) => types.filter((type) => type === wanted).length
  assert.deepEqual(['ClusterFounded', 'NamespaceCreated'].map(count), [1, 4])
})

test('the log of another cluster is refused', async () => {
  const first = running()
  while (first.objects.cluster === undefined) await clock.sleep(10)
  first.stop.abort()
  await first.ended
  await assert.rejects(running(first.log, 'other').ended, /this log is that of the cluster c/)
})
