import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import {
  configMaps,
  type KubernetesObject,
  type Resource,
  type Service,
  StatusError,
  services,
} from '@reckon/kubernetes'
import { byAda, configMap, foundedCluster, service } from './cluster.fixture.ts'
import { createObject, wouldCreate } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { abandon, readHeld, readHolder, releaseHeld } from './reservation-repair.ts'
import { watched } from './watched.fixture.ts'
import { WriterView } from './writer-view.ts'

const creationOf = (resource: Resource, object: KubernetesObject) => ({
  resource,
  object,
  origin: byAda,
})
const web = creationOf(services, service('web'))
const drawnName = creationOf(configMaps, {
  ...configMap(''),
  metadata: { generateName: 'job-', namespace: 'default', name: '' },
})

test('what needs nothing for itself is created by one append, without a look at its stream', async () => {
  const { ports, asked } = watched((await foundedCluster()).ports)
  await createObject(ports, creationOf(configMaps, configMap('a')))
  assert.deepEqual(asked, ['append configmaps-default/a'])
})

test('who makes a Service a second time reserves nothing, seen by the view or not', async () => {
  const cluster = await foundedCluster()
  await createObject(cluster.ports, web)
  const unseen = { ...cluster.ports, known: new WriterView(cluster.objects) }
  const refusedWithoutAppend = async () => {
    const { ports, asked } = watched(unseen)
    await assert.rejects(createObject(ports, web), { reason: 'AlreadyExists' })
    assert.deepEqual(new Set(asked), new Set(['read services-default/web']))
  }
  await refusedWithoutAppend()
  await cluster.catchUp()
  await refusedWithoutAppend()
})

test('a creation that was given up while it reserved is begun anew, and holds what it has', async () => {
  const { ports, objects, catchUp } = await foundedCluster()
  let isFirst = true
  const log: EventLog = {
    ...ports.log,
    async append(stream, ...given) {
      const appended = await ports.log.append(stream, ...given)
      if (!isFirst) return appended
      isFirst = false
      const value = stream.slice('clusterips-'.length)
      const held = (await readHeld(ports, { pool: 'clusterips', value })) ?? assert.fail()
      const found = (await readHolder(ports, held)) ?? assert.fail()
      assert.ok(await abandon(ports, held, found, byAda))
      await releaseHeld(ports, held, byAda)
      return appended
    },
  }
  const { stored } = await createObject({ ...ports, log }, web)
  await catchUp()
  const { clusterIP = '' } = (stored.object as Service).spec
  const { holder } = objects.reservations.of({ pool: 'clusterips', value: clusterIP }) ?? {}
  assert.equal(holder?.uid, stored.object.metadata.uid)
})

test('only a name that is taken is drawn again', async () => {
  const cluster = await foundedCluster()
  let drawn = 0
  const ids = { ...cluster.ids, below: () => ++drawn % 2 }
  const broken = { ...drawnName, object: { ...drawnName.object, data: { 'no key!': 'v' } } }
  await assert.rejects(createObject({ ...cluster.ports, ids }, broken), { reason: 'Invalid' })
  assert.equal(drawn, 'xxxxx'.length)
})

test('a name that is taken five times is drawn no more', async () => {
  const cluster = await foundedCluster()
  let drawn = 0
  const ids = { ...cluster.ids, below: () => (drawn++ < 50 ? 1 : 2) }
  const create = () => createObject({ ...cluster.ports, ids }, drawnName)
  await create()
  await assert.rejects(create(), { reason: 'AlreadyExists' })
  assert.equal(drawn, 'xxxxx'.length * (1 + 5))
})

test('a creation that the store does not take destroys no key where it made none', async () => {
  const cluster = await foundedCluster()
  const append = () => Promise.reject(new StatusError('ServiceUnavailable', 'away'))
  const { ports, asked } = watched({ ...cluster.ports, log: { ...cluster.log, append } })
  const creation = createObject(ports, creationOf(configMaps, configMap('a')))
  await assert.rejects(creation, { reason: 'ServiceUnavailable' })
  assert.deepEqual(asked, ['append configmaps-default/a'])
})

test('a dry run refuses a name that is for once where it was used, and takes it where it was not', async () => {
  const { ports } = await foundedCluster()
  const once = { ...creationOf(configMaps, configMap('a')), isNameForOnce: true }
  assert.equal((await wouldCreate(ports, once)).object.metadata.name, 'a')
  await createObject(ports, once)
  const target = { resource: configMaps, namespace: 'default', name: 'a' }
  await deleteObject(ports, { target, origin: byAda })
  await assert.rejects(wouldCreate(ports, once), { reason: 'AlreadyExists' })
})
