import assert from 'node:assert/strict'
import { test } from 'node:test'
import { managedBy } from '@reckon/domain'
import { configMaps, type KubernetesObject } from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { configMap, foundedCluster } from './cluster.fixture.ts'
import { createObject } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { historicManagers, managedObject } from './managed-object.ts'

const target = { resource: configMaps, namespace: 'default', name: 'a' }
const by = (user: string) => ({ actor: { user }, verb: 'test' })

/** Who manages which data of an object, as `user: keys`. */
const managersOf = (object: KubernetesObject | undefined) =>
  object?.metadata.managedFields?.map(({ manager, fieldsV1 }) => {
    const data = Object(fieldsV1)['f:data'] ?? {}
    const keys = Object.keys(data).filter((key) => key !== '.')
    return `${manager}: ${keys.map((key) => key.slice(2)).join(' ')}`
  })

/** An object that ada has made, and that others change. */
async function clusterWithObject(data: object = { a: '1', b: '1' }) {
  const { ports } = await foundedCluster()
  const create = (user: string) =>
    createObject(ports, { resource: configMaps, object: configMap('a', data), origin: by(user) })
  await create('ada')
  const change = (user: string, more: object) =>
    changeObject(ports, {
      target,
      change: (object) => ({ ...object, data: { ...Object(object.data), ...more } }),
      origin: by(user),
    })
  const remove = () => deleteObject(ports, { target, origin: by('ada') })
  return { ports, create, change, remove, historic: () => historicManagers(ports, target) }
}

test('who made an object and who changed it manage what they said', async () => {
  const { change, historic } = await clusterWithObject()
  await change('jane', { b: '2' })
  assert.deepEqual(managersOf(await historic()), ['ada: a', 'jane: b'])
})

test('of an object that was deleted and made again only the new one counts', async () => {
  const { create, change, remove, historic } = await clusterWithObject()
  await change('jane', { b: '2' })
  await remove()
  assert.equal(await historic(), undefined)
  await create('eve')
  assert.deepEqual(managersOf(await historic()), ['eve: a b'])
})

test('that an object is recorded whole now and then makes nobody its manager', async () => {
  const { change, historic } = await clusterWithObject()
  for (let n = 0; n < 65; n++) await change('jane', { b: `${n + 2}` })
  assert.deepEqual(managersOf(await historic()), ['ada: a', 'jane: b'])
})

test('where its creation lies too far back nobody is remembered, nor where nothing is there', async () => {
  const { ports, change } = await clusterWithObject()
  await change('jane', { b: '2' })
  const { log } = ports
  const readStream: typeof log.readStream = (stream, span) =>
    log.readStream(stream, { ...span, limit: 1 })
  assert.equal(await historicManagers({ ...ports, log: { ...log, readStream } }, target), undefined)
  assert.equal(await historicManagers(ports, { ...target, name: 'other' }), undefined)
})

test('what an object says of its managers is true', async () => {
  const { ports, historic } = await clusterWithObject()
  const stated = managedBy((await historic()) ?? assert.fail(), [])
  assert.equal(managedObject(ports, target, stated, await historic()), stated)
})

test('what its history does not tell was there before the first apply', async () => {
  const { ports, change, historic } = await clusterWithObject()
  const known = await historic()
  const present = ports.known.get(configMaps, 'default', 'a')?.object ?? assert.fail()
  const managers = (object: KubernetesObject, of: KubernetesObject | undefined) =>
    managersOf(managedObject(ports, target, object, of))
  assert.deepEqual(managers(present, known), ['ada: a b'])
  const { stored } = await change('jane', { b: '2' })
  assert.deepEqual(managers(stored.object, known), ['ada: a', 'before-first-apply: b'])
  assert.deepEqual(managers(present, undefined), ['before-first-apply: a b'])
})
