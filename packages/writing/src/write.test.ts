import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import {
  configMaps,
  isRefusal,
  namespaces,
  type Pod,
  pods,
  resourceNamed,
  type Service,
  StatusError,
  services,
} from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, configMap, foundedCluster, pod, service } from './cluster.fixture.ts'
import { createObject } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { bindPod, reportPodGone, reportPodStatus } from './pod.ts'
import { restoredFrom } from './restored.fixture.ts'

const target = (id: string, name: string) => ({
  resource: resourceNamed(id),
  namespace: 'default',
  name,
})

test('a created object is completed, and its version is its position', async () => {
  const cluster = await foundedCluster()
  const { object, position } = await cluster.create('configmaps', configMap('a', { k: 'v' }))
  assert.equal(object.metadata.resourceVersion, String(position))
  assert.ok(object.metadata.uid)
  assert.equal(object.metadata.creationTimestamp, '2026-11-21T00:00:00Z')
  await cluster.catchUp()
  assert.deepEqual(cluster.objects.get(configMaps, 'default', 'a')?.object, object)
})

test('a second creation is refused, seen by the view or not', async () => {
  const cluster = await foundedCluster()
  await cluster.create('configmaps', configMap('a'))
  const refused = (error: unknown) => isRefusal(error, 'AlreadyExists')
  await assert.rejects(cluster.create('configmaps', configMap('a')), refused)
  await cluster.catchUp()
  await assert.rejects(cluster.create('configmaps', configMap('a')), refused)
})

test('a deleted object can be created again in the same stream, with another uid', async () => {
  const cluster = await foundedCluster()
  const first = await cluster.create('configmaps', configMap('a'))
  await deleteObject(cluster.ports, { target: target('configmaps', 'a'), origin: byAda })
  const second = await cluster.create('configmaps', configMap('a'))
  assert.notEqual(second.object.metadata.uid, first.object.metadata.uid)
  const types = (await cluster.eventsOf('configmaps', 'a')).map(({ type }) => type)
  assert.deepEqual(types, ['ConfigMapCreated', 'ConfigMapDeleted', 'ConfigMapCreated'])
})

test('a change carries only what changed; no change, no event', async () => {
  const cluster = await foundedCluster()
  await cluster.create('configmaps', configMap('a', { k: '1' }))
  const set = (k: string) =>
    changeObject(cluster.ports, {
      target: target('configmaps', 'a'),
      change: (it) => ({ ...it, data: { k } }),
      origin: byAda,
    })
  await set('2')
  await set('2')
  const events = await cluster.eventsOf('configmaps', 'a')
  assert.deepEqual(events.at(-1)?.data, { patch: [{ op: 'replace', path: '/data/k', value: '2' }] })
  assert.equal(events.length, 2)
})

test('two writers on the same stale view both succeed, one after the other', async () => {
  const cluster = await foundedCluster()
  await cluster.create('configmaps', configMap('a', {}))
  await cluster.catchUp()
  const add = (key: string) =>
    changeObject(cluster.ports, {
      target: target('configmaps', 'a'),
      change: (it) => ({ ...it, data: { ...(it.data as object), [key]: 'x' } }),
      origin: byAda,
    })
  await Promise.all([add('a'), add('b')])
  await cluster.catchUp()
  const merged = cluster.objects.get(configMaps, 'default', 'a')
  assert.deepEqual(merged?.object.data, { a: 'x', b: 'x' })
})

test('a stale resourceVersion is a conflict', async () => {
  const cluster = await foundedCluster()
  const { object } = await cluster.create('configmaps', configMap('a'))
  const { resourceVersion = '' } = object.metadata
  const change = (k: string) =>
    changeObject(cluster.ports, {
      target: target('configmaps', 'a'),
      change: (it) => ({ ...it, data: { k } }),
      origin: byAda,
      preconditions: { resourceVersion },
    })
  await change('1')
  await assert.rejects(change('2'), (error) => isRefusal(error, 'Conflict'))
})

test('every 64th change carries the object whole, and a lost race reads no further back', async () => {
  const cluster = await foundedCluster()
  await cluster.create('configmaps', configMap('a', { k: '0' }))
  for (let i = 1; i <= 130; i++) {
    const data = { k: String(i) }
    await changeObject(cluster.ports, {
      target: target('configmaps', 'a'),
      change: (it) => ({ ...it, data }),
      origin: byAda,
    })
  }
  const events = await cluster.eventsOf('configmaps', 'a')
  const fullStates = events.filter(({ data }) => (data as { object?: unknown }).object)
  assert.deepEqual(
    fullStates.map(({ revision }) => Number(revision)),
    [0, 64, 128],
  )
})

test('a view restored from its snapshot equals a fresh fold', async () => {
  const cluster = await foundedCluster()
  await cluster.create('services', service('s', { type: 'NodePort' }))
  await cluster.create('pods', pod('p'))
  await cluster.catchUp()
  const restored = restoredFrom(cluster.objects)
  assert.deepEqual([...restored.snapshot()], [...cluster.objects.snapshot()])
  assert.deepEqual(restored.list(pods), cluster.objects.list(pods))
})

test('a snapshot tells the view as it was at the call, however late its records are taken', async () => {
  const cluster = await foundedCluster()
  await cluster.create('pods', pod('p'))
  await cluster.catchUp()
  const atOnce = Array.from(cluster.objects.snapshot(), (record) => JSON.stringify(record))
  const later = cluster.objects.snapshot()
  await cluster.create('services', service('s'))
  await cluster.create('pods', pod('q'))
  await cluster.catchUp()
  assert.deepEqual(
    Array.from(later, (record) => JSON.stringify(record)),
    atOnce,
  )
})

test('a Service gets an address and a node port of its own, and gives them back', async () => {
  const cluster = await foundedCluster()
  const { object } = await cluster.create('services', service('s', { type: 'NodePort' }))
  const { clusterIP = '', ports = [] } = (object as Service).spec
  assert.match(clusterIP, /^10\.96\./)
  assert.ok((ports[0]?.nodePort ?? 0) >= 30000)
  const same = service('t', { clusterIP })
  await assert.rejects(cluster.create('services', same), (error) => isRefusal(error, 'Invalid'))
  await cluster.catchUp()
  await deleteObject(cluster.ports, { target: target('services', 's'), origin: byAda })
  await cluster.catchUp()
  await cluster.create('services', same)
})

test('turning a Service into a NodePort reserves the port, and back releases it', async () => {
  const cluster = await foundedCluster()
  await cluster.create('services', service('s'))
  const become = (type: string) =>
    changeObject(cluster.ports, {
      target: target('services', 's'),
      change: (it) => ({ ...it, spec: { ...(it.spec as object), type } }),
      origin: byAda,
    })
  const { object } = (await become('NodePort')).stored
  const [port] = (object as Service).spec.ports ?? []
  assert.ok(port?.nodePort)
  await cluster.catchUp()
  assert.equal([...cluster.objects.reservations.held()].length, 2)
  const { stored: back } = await become('ClusterIP')
  assert.equal((back.object as Service).spec.ports?.[0]?.nodePort, undefined)
  await cluster.catchUp()
  assert.equal([...cluster.objects.reservations.held()].length, 1)
})

test('a Service whose creation has an unknown outcome keeps what it reserved', async () => {
  const { ports, ...cluster } = await foundedCluster()
  const log: EventLog = {
    ...ports.log,
    async append(stream, expected, events) {
      const appended = await ports.log.append(stream, expected, events)
      if (stream === 'services-default/s') throw new StatusError('Timeout', 'no answer')
      return appended
    },
  }
  const creation = createObject(
    { ...ports, log },
    { resource: services, object: service('s'), origin: byAda },
  )
  await assert.rejects(creation, (error) => isRefusal(error, 'Timeout'))
  await cluster.catchUp()
  assert.ok(cluster.objects.get(services, 'default', 's'))
  assert.equal([...cluster.objects.reservations.held()].length, 1)
})

test('a deletion is done though the store does not take back what the Service held', async () => {
  const { ports, ...cluster } = await foundedCluster()
  await cluster.create('services', service('s'))
  await cluster.catchUp()
  const log: EventLog = {
    ...ports.log,
    async append(stream, ...given) {
      if (stream.startsWith('clusterips')) throw new StatusError('ServiceUnavailable', 'away')
      return ports.log.append(stream, ...given)
    },
  }
  await deleteObject({ ...ports, log }, { target: target('services', 's'), origin: byAda })
  await cluster.catchUp()
  assert.equal(cluster.objects.get(services, 'default', 's'), undefined)
})

test('a pod binds once; its end waits for its agent', async () => {
  const cluster = await foundedCluster()
  const { object } = await cluster.create('pods', pod('p'))
  const ref = { namespace: 'default', name: 'p' }
  const bind = (nodeName: string) => bindPod(cluster.ports, { pod: ref, nodeName, origin: byAda })
  await bind('node-1')
  await bind('node-1')
  await assert.rejects(bind('node-2'), (error) => isRefusal(error, 'Conflict'))
  const { stored: deleted } = await deleteObject(cluster.ports, {
    target: target('pods', 'p'),
    origin: byAda,
  })
  assert.equal(deleted.object.metadata.deletionTimestamp, '2026-11-21T00:00:30Z')
  const uid = object.metadata.uid ?? ''
  const report = { type: 'PodGone', ...ref, uid, cause: deleted.last } as const
  await reportPodGone(cluster.ports, { report, origin: byAda })
  const types = (await cluster.eventsOf('pods', 'p')).map(({ type }) => type)
  assert.deepEqual(types, ['PodCreated', 'PodScheduled', 'PodDeletionRequested', 'PodDeleted'])
})

test('a pod that its agent has let go of, or that is deleted without grace, ends with its last finalizer', async () => {
  const cluster = await foundedCluster()
  for (const name of ['let-go', 'forced']) {
    const held = { ...pod(name), metadata: { name, namespace: 'default', finalizers: ['a/b'] } }
    const { object } = await cluster.create('pods', held)
    const ref = { namespace: 'default', name, uid: object.metadata.uid ?? '' }
    await bindPod(cluster.ports, { pod: ref, nodeName: 'node-1', origin: byAda })
    const grace = name === 'forced' ? { gracePeriodSeconds: 0 } : {}
    const deletion = { target: target('pods', name), origin: byAda, ...grace }
    const { stored } = await deleteObject(cluster.ports, deletion)
    if (name === 'let-go') {
      const report = { type: 'PodGone', ...ref, cause: stored.last } as const
      await reportPodGone(cluster.ports, { report, origin: byAda })
    }
    const { event } = await changeObject(cluster.ports, {
      target: target('pods', name),
      change: (it) => ({ ...it, metadata: { ...it.metadata, finalizers: [] } }),
      origin: byAda,
    })
    assert.equal(event?.type, 'PodDeleted')
  }
})

test('a report lower than the last one is dropped; a start is named', async () => {
  const cluster = await foundedCluster()
  const { object, last } = await cluster.create('pods', pod('p'))
  const report = (number: number, phase: string) =>
    reportPodStatus(cluster.ports, {
      report: {
        type: 'PodStatus',
        ...{ namespace: 'default', name: 'p', uid: object.metadata.uid ?? '' },
        ...{ boot: 1, number, status: { phase }, cause: last },
      },
      eventId: cluster.ids.next(),
      origin: byAda,
    })
  const bound = { namespace: 'default', name: 'p' }
  await bindPod(cluster.ports, { pod: bound, nodeName: 'node-1', origin: byAda })
  await report(2, 'Running')
  const { stored: after } = await report(1, 'Pending')
  assert.equal((after.object as Pod).status?.phase, 'Running')
  const types = (await cluster.eventsOf('pods', 'p')).map(({ type }) => type)
  assert.deepEqual(types, ['PodCreated', 'PodScheduled', 'PodStarted'])
})

test('a terminating namespace takes nothing new', async () => {
  const cluster = await foundedCluster()
  const team = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }
  await cluster.create('namespaces', team)
  const home = { resource: namespaces, namespace: '', name: 'team' }
  await deleteObject(cluster.ports, { target: home, origin: byAda })
  await cluster.catchUp()
  const inTeam = { ...pod('p'), metadata: { name: 'p', namespace: 'team' } }
  await assert.rejects(cluster.create('pods', inTeam), (error) => isRefusal(error, 'Forbidden'))
})

test('the namespaces that a cluster cannot be without are not deleted', async () => {
  const cluster = await foundedCluster()
  const namespace = { resource: namespaces, namespace: '', name: 'default' }
  await assert.rejects(deleteObject(cluster.ports, { target: namespace, origin: byAda }), {
    reason: 'Forbidden',
    message: 'namespaces "default" is forbidden: this namespace may not be deleted',
  })
})

test('a name that is for once is refused also after its object is gone', async () => {
  const cluster = await foundedCluster()
  const once = () =>
    createObject(cluster.ports, {
      resource: configMaps,
      object: configMap('a'),
      origin: byAda,
      isNameForOnce: true,
    })
  await once()
  await deleteObject(cluster.ports, { target: target('configmaps', 'a'), origin: byAda })
  await assert.rejects(once(), (error) => isRefusal(error, 'AlreadyExists'))
})

test('a name that was drawn and is taken is drawn again', async () => {
  const cluster = await foundedCluster()
  let drawn = 0
  // Five letters for each name: the first two names are the same.
  const ids = { ...cluster.ids, below: () => (drawn++ < 10 ? 1 : 2) }
  const create = () =>
    createObject(
      { ...cluster.ports, ids },
      {
        resource: configMaps,
        object: {
          ...configMap(''),
          metadata: { generateName: 'job-', namespace: 'default', name: '' },
        },
        origin: byAda,
      },
    )
  const names = [await create(), await create()].map(({ stored }) => stored.object.metadata.name)
  assert.equal(new Set(names).size, 2)
  assert.equal(drawn, 15)
})

test('two ports of one Service never get the same node port', async () => {
  const cluster = await foundedCluster()
  const ids = { ...cluster.ids, below: () => 7 }
  const ports = [80, 81, 82].map((port) => ({
    name: `p-${port}`,
    port,
    ...(port === 82 && { nodePort: 30007 }),
  }))
  const { stored } = await createObject(
    { ...cluster.ports, ids },
    {
      resource: services,
      object: service('many', { type: 'NodePort', ports }),
      origin: byAda,
    },
  )
  const { spec } = stored.object as Service
  assert.deepEqual(
    spec.ports?.map(({ nodePort }) => nodePort),
    [30008, 30009, 30007],
  )
})
