import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  type KubernetesObject,
  namespaces,
  type Resource,
  type Service,
  services,
} from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, configMap, foundedCluster, service } from './cluster.fixture.ts'
import { createObject } from './create-object.ts'
import { watched } from './watched.fixture.ts'
import { WriterView } from './writer-view.ts'

/** A cluster whose view stays behind, and what its log is asked by who writes there. */
async function clusterBehind() {
  const cluster = await foundedCluster()
  const ids = { ...cluster.ids, below: () => 7 }
  const { ports, asked } = watched({ ...cluster.ports, ids })
  const create = async (resource: Resource, object: KubernetesObject) =>
    (await createObject(ports, { resource, object, origin: byAda })).stored.object
  return { ports, asked, create, catchUp: cluster.catchUp }
}

test('a change right after a creation is decided on what that made, without reading it', async () => {
  const { ports, asked, create } = await clusterBehind()
  await create(configMaps, configMap('a', { k: '1' }))
  const target = { resource: configMaps, namespace: 'default', name: 'a' }
  const changed = async (k: string) => {
    const change = (it: KubernetesObject) => ({ ...it, data: { ...(it.data as object), [k]: 'x' } })
    return (await changeObject(ports, { target, change, origin: byAda })).stored.object.data
  }
  assert.deepEqual(await changed('m'), { k: '1', m: 'x' })
  assert.deepEqual(await changed('n'), { k: '1', m: 'x', n: 'x' })
  assert.deepEqual(asked, Array(3).fill('append configmaps-default/a'))
})

test('a namespace that was just made takes what is made in it, without waiting for the view', async () => {
  const { asked, create } = await clusterBehind()
  await create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } })
  await create(configMaps, { ...configMap('a'), metadata: { name: 'a', namespace: 'team' } })
  assert.ok(!asked.includes('wait'))
})

test('an address that was just reserved is drawn for no other, seen by the view or not', async () => {
  const { asked, create, catchUp } = await clusterBehind()
  const addressOf = async (name: string) =>
    ((await create(services, service(name))) as Service).spec.clusterIP
  const addresses = [await addressOf('a'), await addressOf('b')]
  await catchUp()
  addresses.push(await addressOf('c'))
  assert.deepEqual(addresses, ['10.96.0.23', '10.96.0.24', '10.96.0.25'])
  assert.ok(!asked.includes('wait'))
})

test('what a process has recorded and folded its view takes over; what others recorded it folds', async () => {
  const { ports, objects, catchUp } = await foundedCluster()
  objects.folded = ports.known.folded
  const creation = { resource: configMaps, object: configMap('a', { k: '1' }), origin: byAda }
  const created = await createObject(ports, creation)
  await catchUp()
  assert.equal(objects.get(configMaps, 'default', 'a'), created.stored)
  const target = { resource: configMaps, namespace: 'default', name: 'a' }
  const change = (it: KubernetesObject) => ({ ...it, data: { k: '2' } })
  const { stored } = await changeObject(ports, { target, change, origin: byAda })
  await catchUp()
  assert.equal(objects.get(configMaps, 'default', 'a'), stored)
  const others = { ...ports, known: new WriterView(objects) }
  const other = await changeObject(others, {
    target,
    change: (it) => ({ ...it, data: {} }),
    origin: byAda,
  })
  await catchUp()
  const seen = objects.get(configMaps, 'default', 'a')
  assert.notEqual(seen, other.stored)
  assert.deepEqual(seen, other.stored)
})
