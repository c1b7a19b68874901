import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyStream, Objects, type Origin } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { namespaces, StatusError, secrets } from '@reckon/kubernetes'
import { systemClock, systemIds } from '@reckon/process'
import { createVault } from '@reckon/process/trusted'
import { createObject, deleteObject, WriterView } from '@reckon/writing'
import type { Context } from '../controller.ts'
import { DataKeyController } from './controller.ts'

const ada: Origin = { actor: { user: 'ada' }, verb: 'test' }
const secret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'shop' },
  stringData: { password: 'x' },
})

test('a key that was left over by a killed writer is destroyed; those in use stay', async () => {
  const log = createMemoryEventLog()
  const objects = new Objects(createVault(new Uint8Array(32)))
  const catchUp = async () => {
    for await (const event of log.readAll({ after: objects.position })) objects.apply(event)
  }
  const killed: EventLog = {
    ...log,
    tombstone: async () => {
      throw new StatusError('ServiceUnavailable', 'killed before')
    },
  }
  const reader = { waitForHead: () => catchUp().then(() => true) }
  const known = new WriterView(objects)
  const ports = { log: killed, clock: systemClock, ids: systemIds, known, reader }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
  const resource = namespaces
  await createObject(ports, { resource, object: namespace, origin: ada })
  await catchUp()
  const create = (name: string) =>
    createObject(ports, { resource: secrets, object: secret(name), origin: ada })
  const uidOf: Record<string, string> = {}
  for (const name of ['gone', 'renewed', 'kept']) {
    const { stored } = await create(name)
    uidOf[name] = stored.object.metadata.uid ?? ''
  }
  await catchUp()
  for (const name of ['gone', 'renewed']) {
    const target = { resource: secrets, namespace: 'shop', name }
    await deleteObject(ports, { target, origin: ada })
  }
  await catchUp()
  const { stored: renewed } = await create('renewed')
  // This view does not know yet that it is there: the log does.
  for await (const event of log.readAll({ after: objects.position, limit: 1 })) objects.apply(event)

  const context = { log, objects, nowMs: systemClock.now() } as Partial<Context> as Context
  await new DataKeyController().reconcile('', context)
  await catchUp()
  const left = [...objects.keys.held()].map(({ uid }) => uid)
  assert.deepEqual(left, [uidOf.kept, renewed.object.metadata.uid])
  await assert.rejects(Array.fromAsync(log.readStream(keyStream(uidOf.gone ?? ''))))
})

test('how long a key waits for its object is counted by the clock of who looks, whatever its writer said', async () => {
  const log = createMemoryEventLog()
  const objects = new Objects(createVault(new Uint8Array(32)))
  const uid = systemIds.next()
  const stream = keyStream(uid)
  const time = '2001-01-01T00:00:00Z'
  const metadata = { ...ada, time, $correlationId: 'c' }
  const data = objects.keys.draw(uid, 'secrets-shop/never')
  const created = { id: systemIds.next(), type: 'DataKeyCreated', data, metadata }
  await log.append(stream, 'NoStream', [created])
  for await (const event of log.readAll()) objects.apply(event)
  const controller = new DataKeyController()
  const isThereAfter = async (nowMs: number) => {
    await controller.reconcile('', { log, objects, nowMs } as Partial<Context> as Context)
    return Array.fromAsync(log.readStream(stream)).then(
      () => true,
      () => false,
    )
  }
  const beganMs = systemClock.now()
  assert.equal(await isThereAfter(beganMs), true)
  assert.equal(await isThereAfter(beganMs + 3_599_999), true)
  assert.equal(await isThereAfter(beganMs + 3_600_000), false)
})
