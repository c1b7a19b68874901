import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyStream, Objects } from '@reckon/domain'
import type { EventLog, RecordedEvent } from '@reckon/eventing'
import {
  configMaps,
  isRefusal,
  type KubernetesObject,
  type Secret,
  StatusError,
  secrets,
} from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, configMap, foundedCluster, secret } from './cluster.fixture.ts'
import { createObject } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { restoredFrom } from './restored.fixture.ts'
import { memoryVault } from './vault.fixture.ts'
import { watched } from './watched.fixture.ts'
import { WriterView } from './writer-view.ts'

const db = { resource: secrets, namespace: 'default', name: 'db' }
const value = 'hunter2'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const withPassword = (text: string) => (object: KubernetesObject) => ({
  ...object,
  data: { password: base64(text) },
})

async function clusterWithSecret() {
  const vault = memoryVault()
  const cluster = await foundedCluster(vault)
  const stored = await cluster.create('secrets', secret('db', { password: value }))
  await cluster.catchUp()
  const fold = async (views = new Objects(vault)) => {
    for await (const event of cluster.log.readAll({ after: views.position })) views.apply(event)
    return views
  }
  const get = (objects: Objects) => objects.get<Secret>(secrets, 'default', 'db')
  return { ...cluster, vault, stored, fold, get, uid: stored.object.metadata.uid ?? '' }
}

const textOf = (events: readonly RecordedEvent[]) =>
  JSON.stringify(events, (_, each) => (typeof each === 'bigint' ? String(each) : each))

test('a key is recorded first, then the Secret, and neither tells the value', async () => {
  const { log, stored, uid, objects, get } = await clusterWithSecret()
  const all = await Array.fromAsync(log.readAll())
  assert.deepEqual(
    all.slice(-2).map(({ stream, type }) => [stream, type]),
    [
      [keyStream(uid), 'DataKeyCreated'],
      ['secrets-default/db', 'SecretCreated'],
    ],
  )
  assert.deepEqual(Object.keys(all.at(-1)?.data as object), ['sealed'])
  for (const hidden of [value, base64(value)]) assert.ok(!textOf(all).includes(hidden))
  assert.equal((stored.object as Secret).data?.password, base64(value))
  assert.deepEqual(get(objects)?.object, stored.object)
})

test('changes are sealed; a fresh fold and a snapshot give the same Secret, past a whole record too', async () => {
  const cluster = await clusterWithSecret()
  for (let turn = 0; turn < 70; turn++) {
    await changeObject(cluster, {
      target: db,
      change: withPassword(`${value}-${turn}`),
      origin: byAda,
    })
    await cluster.catchUp()
  }
  const known = cluster.get(cluster.objects)
  assert.equal(known?.object.data?.password, base64(`${value}-69`))
  assert.equal(known?.changes, 70 - 64)
  assert.deepEqual(cluster.get(await cluster.fold()), known)
  const snapshot = JSON.stringify([...cluster.objects.snapshot()])
  for (const hidden of [value, base64(value).slice(0, 8)]) assert.ok(!snapshot.includes(hidden))
  const restored = restoredFrom(cluster.objects, cluster.vault)
  assert.deepEqual(cluster.get(restored), known)
  const events = textOf(await cluster.eventsOf('secrets', 'db'))
  assert.ok(!events.includes(value))
  assert.ok(!events.includes('intent'))
})

test('a writer whose view is behind reads the key from the log', async () => {
  const { ports, vault } = await clusterWithSecret()
  const behind = { ...ports, known: new WriterView(new Objects(vault)) }
  const { stored: changed } = await changeObject(behind, {
    target: db,
    change: withPassword('other'),
    origin: byAda,
  })
  assert.equal((changed.object as Secret).data?.password, base64('other'))
})

test('without the vault a Secret exists and no more; it can only be deleted', async () => {
  const { ports, fold, get, stored } = await clusterWithSecret()
  const objects = await fold(new Objects())
  const blind = { ...ports, known: new WriterView(objects) }
  const { object, sealed } = get(objects) ?? {}
  assert.equal(sealed, 'Closed')
  assert.equal(object?.metadata.uid, stored.object.metadata.uid)
  assert.equal(object?.data, undefined)
  const isClosed = (error: unknown) => isRefusal(error, 'InternalError')
  await assert.rejects(
    changeObject(blind, { target: db, change: withPassword('x'), origin: byAda }),
    isClosed,
  )
  const marking = { target: db, propagationPolicy: 'Foreground', origin: byAda } as const
  await assert.rejects(deleteObject(blind, marking), isClosed)
  await deleteObject(blind, { target: db, origin: byAda })
  await fold(objects)
  assert.equal(get(objects), undefined)
  assert.equal(get(await fold(new Objects(memoryVault('another')))), undefined)
})

test('deleting a Secret destroys its key: its history is there, and stays sealed', async () => {
  const { ports, log, fold, get, catchUp, objects, uid, eventsOf } = await clusterWithSecret()
  const { stored: deleted } = await deleteObject(ports, {
    target: db,
    preconditions: { uid },
    origin: byAda,
  })
  assert.equal((deleted.object as Secret).data?.password, base64(value))
  assert.equal(deleted.object.metadata.deletionTimestamp, '2026-11-21T00:00:00Z')
  await assert.rejects(Array.fromAsync(log.readStream(keyStream(uid))), (error) =>
    isRefusal(error, 'Gone'),
  )
  await catchUp()
  assert.deepEqual([...objects.keys.held()], [])
  assert.equal(get(objects), undefined)
  const fresh = await fold()
  assert.deepEqual([...fresh.snapshot()], [...objects.snapshot()])
  assert.deepEqual(
    (await eventsOf('secrets', 'db')).map(({ type }) => type),
    ['SecretCreated', 'SecretDeleted'],
  )
})

test('a Secret made anew under its name has a key of its own', async () => {
  const { ports, create, catchUp, objects, get, uid } = await clusterWithSecret()
  await deleteObject(ports, { target: db, origin: byAda })
  await catchUp()
  const again = await create('secrets', secret('db', { password: 'other' }))
  await catchUp()
  assert.notEqual(again.object.metadata.uid, uid)
  assert.deepEqual(get(objects)?.object, again.object)
})

test('a key that is destroyed under a living Secret closes it, live as in a fresh fold', async () => {
  const { log, catchUp, objects, fold, get, uid } = await clusterWithSecret()
  await log.tombstone(keyStream(uid))
  await catchUp()
  assert.equal(get(objects)?.sealed, 'Closed')
  assert.equal(get(objects)?.object.data, undefined)
  assert.deepEqual([...(await fold()).snapshot()], [...objects.snapshot()])
})

test('what is sealed for one event opens in no other', async () => {
  const { objects, log, fold, eventsOf } = await clusterWithSecret()
  const [created] = await eventsOf('secrets', 'db')
  assert.ok(created)
  const { type, data, metadata } = created
  assert.ok(metadata)
  const copy = { id: 'another', type, data, metadata }
  await log.append('secrets-default/copy', 'NoStream', [copy])
  const views = await fold()
  assert.equal(views.get(secrets, 'default', 'copy')?.sealed, 'Closed')
  assert.notEqual(objects.keys.open(created).data, created.data)
  assert.equal(objects.keys.open({ ...created, id: 'x' }).data, created.data)
})

test('a Secret whose content is not its own is not sealed anew with the key that is there', async () => {
  const { ports, log, fold, eventsOf } = await clusterWithSecret()
  const [created] = await eventsOf('secrets', 'db')
  assert.ok(created?.metadata)
  const { type, data, metadata } = created
  await log.append('secrets-default/copy', 'NoStream', [{ id: 'another', type, data, metadata }])
  const known = new WriterView(await fold())
  const marking = {
    target: { ...db, name: 'copy' },
    propagationPolicy: 'Foreground',
    origin: byAda,
  } as const
  await assert.rejects(deleteObject({ ...ports, known }, marking), { reason: 'InternalError' })
  assert.equal((await eventsOf('secrets', 'copy')).length, 1)
})

test('a creation that is refused leaves no key', async () => {
  const { ports, fold, vault, create } = await clusterWithSecret()
  const view = new Objects(vault)
  const behind = { ...ports, known: new WriterView(view) }
  for (const event of await Array.fromAsync(ports.log.readAll({ limit: 2 }))) {
    view.apply(event)
  }
  await assert.rejects(create('secrets', secret('db', {})), (error) =>
    isRefusal(error, 'AlreadyExists'),
  )
  await assert.rejects(
    createObject(behind, { resource: secrets, object: secret('db', {}), origin: byAda }),
    (error) => isRefusal(error, 'AlreadyExists'),
  )
  assert.equal([...(await fold()).keys.held()].length, 1)
})

test('a change is answered in clear, though the Secret and its key are gone before its outcome is known', async () => {
  const cluster = await clusterWithSecret()
  const { log, uid } = cluster
  let isFirst = true
  const late: EventLog = {
    ...log,
    async append(...given) {
      const appended = await log.append(...given)
      if (!isFirst) return appended
      isFirst = false
      await deleteObject(cluster, { target: db, origin: byAda })
      await log.tombstone(keyStream(uid))
      await cluster.catchUp()
      throw new StatusError('Timeout', 'no answer')
    },
  }
  const ports = { ...cluster.ports, log: late }
  const change = withPassword('changed')
  const { stored } = await changeObject(ports, { target: db, change, origin: byAda })
  assert.equal((stored.object as Secret).data?.password, base64('changed'))
})

test('who does not know a Secret whose key is gone can delete it all the same', async () => {
  const { ports, log, vault, uid } = await clusterWithSecret()
  await log.tombstone(keyStream(uid))
  const behind = { ...ports, known: new WriterView(new Objects(vault)) }
  const { stored } = await deleteObject(behind, { target: db, origin: byAda })
  assert.deepEqual([stored.sealed, stored.object.metadata.uid], ['Closed', uid])
})

test('a key that cannot be read now is not one that is gone', async () => {
  const { ports, log, vault } = await clusterWithSecret()
  const away: EventLog = {
    ...log,
    readStream(stream, ...given) {
      if (stream.startsWith('keys-')) throw new StatusError('ServiceUnavailable', 'away')
      return log.readStream(stream, ...given)
    },
  }
  const behind = { ...ports, log: away, known: new WriterView(new Objects(vault)) }
  await assert.rejects(deleteObject(behind, { target: db, origin: byAda }), {
    reason: 'ServiceUnavailable',
  })
})

test('a Secret that was made anew meanwhile is opened by the key that the view has by then', async () => {
  const cluster = await clusterWithSecret()
  const { ports, asked } = watched(cluster.ports)
  let isFirst = true
  const log: EventLog = {
    ...ports.log,
    async append(...given) {
      if (isFirst) {
        isFirst = false
        await deleteObject(cluster, { target: db, origin: byAda })
        await cluster.create('secrets', secret('db', { user: 'ada' }))
        await cluster.catchUp()
      }
      return ports.log.append(...given)
    },
  }
  const change = withPassword('changed')
  const { stored } = await changeObject({ ...ports, log }, { target: db, change, origin: byAda })
  assert.deepEqual((stored.object as Secret).data, { password: base64('changed') })
  assert.deepEqual(
    asked.filter((each) => each.includes('keys-')),
    [],
  )
})

test('an object that is not sealed has no key to destroy', async () => {
  const { ports, asked } = watched((await foundedCluster()).ports)
  await createObject(ports, { resource: configMaps, object: configMap('a'), origin: byAda })
  const target = { resource: configMaps, namespace: 'default', name: 'a' }
  await deleteObject(ports, { target, origin: byAda })
  assert.deepEqual(asked, Array(2).fill('append configmaps-default/a'))
})
