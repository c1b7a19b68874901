import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reservable } from '@reckon/domain'
import { type Service, StatusError, services } from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, foundedCluster, service } from './cluster.fixture.ts'
import { deleteObject } from './delete-object.ts'
import {
  abandon,
  type FoundHolder,
  type HeldValue,
  readHeld,
  readHolder,
  releaseHeld,
} from './reservation-repair.ts'
import { reserveAll } from './unique-values.ts'

const address: Reservable = { pool: 'clusterips', value: '10.96.0.99' }
const target = { resource: services, namespace: 'default', name: 'web' }
const stream = 'services-default/web'

/** A cluster with a Service that has the address, and what the log says of both. */
async function clusterWithService() {
  const cluster = await foundedCluster()
  const { ports } = cluster
  const create = () => cluster.create('services', service('web', { clusterIP: address.value }))
  const held = async (): Promise<HeldValue> => (await readHeld(ports, address)) ?? assert.fail()
  const found = async (): Promise<FoundHolder> =>
    (await readHolder(ports, await held())) ?? assert.fail()
  const reserveFor = (uid: string, inStream = stream) =>
    reserveAll(ports, { reservables: [address], holder: { stream: inStream, uid }, origin: byAda })
  return { ...cluster, createService: create, held, found, reserveFor }
}

test('who holds a value is what the last event of its stream says', async () => {
  const { ports, createService, held } = await clusterWithService()
  assert.equal(await readHeld(ports, address), undefined)
  const { object } = await createService()
  const { holder, reservable, revision, cause } = await held()
  assert.deepEqual([holder.uid, holder.stream, reservable], [object.metadata.uid, stream, address])
  assert.deepEqual([revision, cause.correlationId], [0n, cause.id])
  await deleteObject(ports, { target, origin: byAda })
  assert.equal(await readHeld(ports, address), undefined)
})

test('a value is needed by the object that holds it and has it', async () => {
  const { createService, found } = await clusterWithService()
  const { position, revision } = await createService()
  const holder = await found()
  assert.deepEqual([holder.isNeeded, holder.endsAt, holder.revision], [true, position, revision])
})

test('a value is not needed by an object that never came', async () => {
  const { reserveFor, found } = await clusterWithService()
  await reserveFor('never')
  const { isNeeded, stored, endsAt, revision } = await found()
  assert.deepEqual([isNeeded, stored, endsAt, revision], [false, undefined, undefined, -1n])
})

test('a value is not needed by an object that has another one, nor by one of an earlier uid', async () => {
  const { create, reserveFor, found } = await clusterWithService()
  const { object } = await create('services', service('web'))
  await reserveFor(object.metadata.uid ?? '')
  assert.ok(!(await found()).isNeeded)
  const other = await clusterWithService()
  await other.createService()
  const { ports, held } = other
  const holder = { ...(await held()).holder, uid: 'earlier' }
  assert.equal((await readHolder(ports, { ...(await held()), holder }))?.isNeeded, false)
})

test('a holder whose stream is no object’s is none', async () => {
  const { ports, held, reserveFor } = await clusterWithService()
  await reserveFor('x')
  const holder = { stream: 'nothing', uid: 'x' }
  assert.equal(await readHolder(ports, { ...(await held()), holder }), undefined)
})

test('a value that is released is free, unless anything happened to it meanwhile', async () => {
  const { ports, held, reserveFor } = await clusterWithService()
  await reserveFor('never')
  const read = await held()
  await releaseHeld(ports, read, byAda)
  assert.equal(await readHeld(ports, address), undefined)
  await reserveFor('next')
  await releaseHeld(ports, read, byAda).catch(() => undefined)
  assert.equal((await held()).holder.uid, 'next')
})

test('a creation that is given up is recorded in its stream, so that its append is refused', async () => {
  const { ports, held, found, reserveFor, eventsOf } = await clusterWithService()
  await reserveFor('never')
  assert.ok(await abandon(ports, await held(), await found(), byAda))
  const events = await eventsOf('services', 'web')
  assert.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [['ServiceDeleted', { patch: [], abandoned: 'never' }]],
  )
  assert.ok(await abandon(ports, await held(), await found(), byAda))
  assert.equal((await eventsOf('services', 'web')).length, 2)
})

test('a creation is not given up where its stream went on since', async () => {
  const { ports, held, found, reserveFor, create } = await clusterWithService()
  await reserveFor('never')
  const before = await found()
  await create('services', service('web'))
  const isAbandoned = abandon(ports, await held(), before, byAda).catch(() => false)
  assert.equal(await isAbandoned, false)
})

test('a change that is given up is recorded as an event that changes nothing', async () => {
  const { ports, held, found, create, reserveFor } = await clusterWithService()
  const { object, revision } = await create('services', service('web'))
  await reserveFor(object.metadata.uid ?? '')
  assert.ok(await abandon(ports, await held(), await found(), byAda))
  const after = await found()
  assert.equal(after.revision, revision + 1n)
  assert.deepEqual(after.stored?.object.spec, object.spec)
})

test('a change is not given up where its object changed or went since', async () => {
  const { ports, held, found, create, reserveFor } = await clusterWithService()
  const { object } = await create('services', service('web'))
  await reserveFor(object.metadata.uid ?? '')
  const [value, before] = [await held(), await found()]
  const change = (service: Service) => ({
    ...service,
    metadata: { ...service.metadata, labels: { a: 'b' } },
  })
  await changeObject(ports, { target, change, origin: byAda })
  assert.equal(await abandon(ports, value, before, byAda), false)
  await deleteObject(ports, { target, origin: byAda })
  assert.equal(await abandon(ports, value, before, byAda), false)
})

test('whether a change is given up is not known while the store is away', async () => {
  const { ports, log, held, found, create, reserveFor } = await clusterWithService()
  const { object } = await create('services', service('web'))
  await reserveFor(object.metadata.uid ?? '')
  const [value, before] = [await held(), await found()]
  const append = () => Promise.reject(new StatusError('ServiceUnavailable', 'away'))
  const away = { ...ports, log: { ...log, append } }
  await assert.rejects(abandon(away, value, before, byAda), { reason: 'ServiceUnavailable' })
})

test('where another object has the name nothing is left to give up', async () => {
  const { ports, held, found, create, reserveFor } = await clusterWithService()
  await create('services', service('web'))
  await reserveFor('earlier')
  await assert.rejects(abandon(ports, await held(), await found(), byAda), /has another object/)
})
