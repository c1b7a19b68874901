import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { type KubernetesObject, resourceNamed, type Service, StatusError } from '@reckon/kubernetes'
import { type Change, changeObject } from './change-object.ts'
import { byAda, configMap, foundedCluster, service } from './cluster.fixture.ts'
import { deleteObject } from './delete-object.ts'
import type { WritePorts } from './write-ports.ts'
import { WriterView } from './writer-view.ts'
import { isGone } from './written.ts'

type ServiceChange = (service: Service) => KubernetesObject

/** A cluster with a Service that its view knows, and how that is changed. */
async function clusterWithService() {
  const cluster = await foundedCluster()
  await cluster.create('services', service('web'))
  await cluster.catchUp()
  const target = { resource: resourceNamed('services'), namespace: 'default', name: 'web' }
  const change = (make: ServiceChange, ports: WritePorts = cluster.ports) =>
    changeObject(ports, { target, change: make as Change['change'], origin: byAda })
  const heldCount = async () => {
    await cluster.catchUp()
    return [...cluster.objects.reservations.held()].length
  }
  /** The ports of another writer, whose view does not come along. */
  const other: WritePorts = { ...cluster.ports, known: new WriterView(cluster.objects) }
  /** The ports, with something in the way of what is appended to the Service's stream. */
  const portsWith = (append: EventLog['append']): WritePorts => ({
    ...cluster.ports,
    log: {
      ...cluster.log,
      append: (stream, ...given) =>
        (stream === 'services-default/web' ? append : cluster.log.append)(stream, ...given),
    },
  })
  return { ...cluster, target, change, heldCount, other, portsWith }
}

const labelled = (key: string) => (it: Service) => ({
  ...it,
  metadata: { ...it.metadata, labels: { ...it.metadata.labels, [key]: 'x' } },
})
const asNodePort: ServiceChange = (it) => ({ ...it, spec: { ...it.spec, type: 'NodePort' } })

/** The same change, and how often it was decided. */
function counted(make: ServiceChange) {
  const count = { decided: 0 }
  return {
    count,
    make: (it: Service) => {
      count.decided++
      return make(it)
    },
  }
}

const withAddress = (n: number) => (it: KubernetesObject) => {
  const { ingress = [] } = (it as Service).status?.loadBalancer ?? {}
  return { ...it, status: { loadBalancer: { ingress: [...ingress, { ip: `10.0.0.${n}` }] } } }
}
const withKey = (n: number) => (it: KubernetesObject) => ({
  ...it,
  data: { ...(it.data as object), [n]: 'x' },
})
for (const { id, object, add, subresource } of [
  { id: 'configmaps', object: configMap('web'), add: withKey, subresource: undefined },
  { id: 'services', object: service('web'), add: withAddress, subresource: 'status' },
] as const) {
  test(`of seven who change ${subresource ?? 'all'} of ${id} at once each is heard`, async () => {
    const cluster = await foundedCluster()
    await cluster.create(id, object)
    await cluster.catchUp()
    const target = { resource: resourceNamed(id), namespace: 'default', name: 'web' }
    const of = { target, origin: byAda, ...(subresource && { subresource }) }
    const writers = Array.from({ length: 7 }, (_, n) =>
      changeObject(cluster.ports, { ...of, change: add(n) }),
    )
    await Promise.all(writers)
    assert.equal((await cluster.eventsOf(id, 'web')).length, 1 + 7)
  })
}

test('of two who change a Service at once the second is decided on what the first made', async () => {
  const { change } = await clusterWithService()
  const both = await Promise.all([change(labelled('a')), change(labelled('b'))])
  const labels = both.map(({ stored }) => Object.keys(stored.object.metadata.labels ?? {}))
  assert.deepEqual(labels, [['a'], ['a', 'b']])
})

test('a Service that others change each time is left to them after five tries', async () => {
  const { change, log, portsWith } = await clusterWithService()
  let rivals = 0
  const contested = portsWith(async (...given) => {
    if (rivals++ < 7) await change(labelled(`rival-${rivals}`))
    return log.append(...given)
  })
  await assert.rejects(change(labelled('a'), contested), { reason: 'Conflict' })
  assert.equal(rivals, 5)
})

test('what is refused for the newest version of a Service is decided once', async () => {
  const { change } = await clusterWithService()
  const { make, count } = counted((it) => ({ ...it, spec: { ...it.spec, ports: [{ port: -1 }] } }))
  await assert.rejects(change(make), { reason: 'Invalid' })
  assert.equal(count.decided, 1)
})

test('what is refused for an older version of a Service stands only if it is for the newest', async () => {
  const { change, other } = await clusterWithService()
  const { make, count } = counted((it) => {
    if (!it.metadata.labels?.a) throw new StatusError('Conflict', 'not labelled')
    return labelled('b')(it)
  })
  await change(labelled('a'))
  await change(make, other)
  assert.equal(count.decided, 2)
})

test('a bug in what changes a Service is no reason to decide again', async () => {
  const { change, other } = await clusterWithService()
  const { make, count } = counted(() => {
    throw new TypeError('bug')
  })
  await change(labelled('a'))
  await assert.rejects(change(make, other))
  assert.equal(count.decided, 1)
})

test('a change with an unknown outcome is not decided again, and keeps what it reserved', async () => {
  const { change, log, portsWith, heldCount } = await clusterWithService()
  const silent = portsWith(async (...given) => {
    await log.append(...given)
    throw new StatusError('Timeout', 'no answer')
  })
  const { make, count } = counted(asNodePort)
  await assert.rejects(change(make, silent), { reason: 'Timeout' })
  assert.equal(count.decided, 1)
  assert.equal(await heldCount(), 2)
})

test('a change that the store does not take gives back what it reserved', async () => {
  const { change, portsWith, heldCount } = await clusterWithService()
  const away = portsWith(() => Promise.reject(new StatusError('ServiceUnavailable', 'away')))
  await assert.rejects(change(asNodePort, away), { reason: 'ServiceUnavailable' })
  assert.equal(await heldCount(), 1)
})

test('a Service that ends with its last finalizer gives back what it held', async () => {
  const { change, ports, target, heldCount } = await clusterWithService()
  const finalizers = (finalizers: string[]) => (it: Service) => ({
    ...it,
    metadata: { ...it.metadata, finalizers },
  })
  await change(finalizers(['x.io/a']))
  await deleteObject(ports, { target, origin: byAda })
  assert.equal(await heldCount(), 1)
  assert.ok(isGone(await change(finalizers([]))))
  assert.equal(await heldCount(), 0)
})
