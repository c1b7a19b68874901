import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import {
  createReader,
  type EventLog,
  type ReaderOptions,
  type RecordedEvent,
  snapshotRecords,
  witnessOf,
} from '@reckon/eventing'
import {
  createMemoryBus,
  createMemoryClock,
  createMemorySegments,
  createMemorySnapshots,
} from '@reckon/eventing/memory'
import {
  isRefusal,
  type KubernetesObject,
  nodes,
  pods,
  type Resource,
  resourceNamed,
} from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { changeObject } from './change-object.ts'
import { byAda, configMap, foundedCluster, pod, secret } from './cluster.fixture.ts'
import { createObject } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { reportPodStatus } from './pod.ts'
import { registerNode } from './register-node.ts'
import { memoryVault } from './vault.fixture.ts'

const spared = 60
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'pages.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'pages', singular: 'page', kind: 'Page', listKind: 'PageList' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object' } },
        subresources: { status: {} },
      },
    ],
  },
}
const page = {
  apiVersion: 'example.com/v1',
  kind: 'Page',
  metadata: { name: 'web', namespace: 'default' },
}

/** A cluster in which a few objects were created, changed and deleted at random, each many times. */
async function busyCluster(random: Random, writes: number) {
  const vault = memoryVault()
  const cluster = await foundedCluster(vault)
  const { ports, objects, catchUp } = cluster
  const definitions = resourceNamed('customresourcedefinitions.apiextensions.k8s.io')
  const status = { conditions: [{ type: 'Established', status: 'True' }] }
  const resourceOf = (id: string): Resource | undefined => objects.resources.named(id)
  const define = async () => {
    await createObject(ports, { resource: definitions, object: definition, origin: byAda })
    await catchUp()
    const target = { resource: definitions, namespace: '', name: definition.metadata.name }
    const change = (it: KubernetesObject) => ({ ...it, status })
    await changeObject(ports, { target, change, origin: byAda, subresource: 'status' })
  }
  const kinds = [
    { id: 'pods', object: pod('web') },
    { id: 'pods', object: pod('db') },
    { id: 'configmaps', object: configMap('web') },
    { id: 'secrets', object: secret('db', { password: 'hunter2' }) },
    { id: 'pages.example.com', object: page },
  ]
  const write = async (n: number) => {
    const { id, object } = random.of(kinds)
    const resource = resourceOf(id)
    if (resource === undefined) return define()
    const target = { resource, namespace: 'default', name: object.metadata.name ?? '' }
    const known = objects.get(resource, 'default', target.name)
    if (known === undefined) return createObject(ports, { resource, object, origin: byAda })
    const what = random.below(200)
    if (what === 0) return deleteObject(ports, { target, origin: byAda })
    if (what === 1) {
      const gone = { resource: definitions, namespace: '', name: definition.metadata.name }
      await deleteObject(ports, { target: gone, origin: byAda })
      const change = (it: KubernetesObject) => ({
        ...it,
        metadata: { ...it.metadata, finalizers: [] },
      })
      return changeObject(ports, { target: gone, change, origin: byAda })
    }
    if (what < 20) {
      const report = { type: 'Node', node: node(n), bootId: `boot-${n % 3}`, number: n } as const
      return registerNode(ports, { report, origin: byAda })
    }
    if (resource === pods && what < 120) {
      const told = { type: 'PodStatus', namespace: 'default', name: target.name } as const
      const uid = known.object.metadata.uid ?? ''
      const by = { uid, boot: 1, number: n, cause: known.last, status: { message: `${n}` } }
      const report = { ...told, ...by }
      return reportPodStatus(ports, { report, eventId: ports.ids.next(), origin: byAda })
    }
    const labels = { n: `${n}` }
    const change = (it: KubernetesObject) => ({ ...it, metadata: { ...it.metadata, labels } })
    return changeObject(ports, { target, change, origin: byAda })
  }
  for (let n = 1; n <= writes; n++) {
    await write(n).catch((error) => {
      if (!isRefusal(error, error.reason)) throw error
    })
    await catchUp()
  }
  return { log: cluster.log, objects, vault }
}

const node = (n: number) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  spec: {},
  status: { phase: `${n}` },
})

/** Everything that a view tells of its objects, and its snapshot but for what is sealed differently each time. */
const told = (objects: Objects) => ({
  objects: objects.resources.all.flatMap((resource) => objects.list(resource)),
  snapshot: Array.from(objects.snapshot(), (record) =>
    JSON.stringify(record, (key, value) => (key === 'sealedObject' ? '' : value)),
  ).sort(),
})

/** Reads all of a log into a view, and compares it with the plain fold at each of the last events. */
async function read(
  log: EventLog,
  objects: Objects,
  { plain, ...options }: ReaderOptions & { plain: Objects },
) {
  const clock = createMemoryClock()
  const stop = new AbortController()
  const reader = createReader({ log, bus: createMemoryBus(), clock }, [objects], {
    ...options,
    sparedEvents: spared,
  })
  const events = await Array.fromAsync(log.readAll())
  const lasts = new Set(events.slice(-spared).map(({ position }) => position))
  let [applied, next] = [0, 0]
  reader.subscribe(({ position }) => {
    applied++
    for (let event = events[next]; event && event.position <= position; event = events[++next]) {
      plain.apply(event)
    }
    if (lasts.has(position)) assert.deepEqual(told(objects), told(plain))
  })
  const running = reader.run(stop.signal)
  for (let turn = 0; turn < 20; turn++) await clock.advance(500)
  await Promise.race([reader.ready, running])
  stop.abort()
  await clock.advance(500)
  await running
  return { applied, events: events.length }
}

/** A snapshot of what some events make. */
async function snapshotOf(events: readonly RecordedEvent[], view: Objects) {
  const snapshots = { store: createMemorySnapshots(), name: 'views' }
  for (const event of events) view.apply(event)
  const witnesses = events.slice(-16).reverse().map(witnessOf)
  const records = snapshotRecords([view])
  await snapshots.store.save(snapshots.name, { witnesses, projections: 1, records })
  return snapshots
}

for (const seed of [1, 2, 3, 4]) {
  test(`whatever was written, a view rebuilt without what is superseded is the plain fold (seed ${seed})`, async () => {
    const { log, objects, vault } = await busyCluster(new Random(seed), 1500)
    const segments = createMemorySegments()
    const plain = () => new Objects(vault)
    const first = await read(log, new Objects(vault), { segments, plain: plain() })
    assert.equal(first.applied, first.events)
    const rebuilt = new Objects(vault)
    const again = await read(log, rebuilt, { segments, plain: plain() })
    assert.ok(again.applied < again.events * 0.75)
    assert.deepEqual(told(rebuilt), told(objects))
    assert.ok(rebuilt.get(nodes, '', 'a')?.boot)
    const events = await Array.fromAsync(log.readAll())
    for (const count of [100, 300, 700]) {
      const restarted = new Objects(vault)
      const snapshots = await snapshotOf(events.slice(0, count), new Objects(vault))
      const later = await read(log, restarted, { segments, snapshots, plain: plain() })
      assert.ok(later.applied < (events.length - count) * 0.75)
      assert.deepEqual(told(restarted), told(objects))
    }
  })
}
