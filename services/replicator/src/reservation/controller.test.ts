import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Holder, Objects, reservationStream } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { isRefusal, type KubernetesObject, type Service } from '@reckon/kubernetes'
import { createObject, readHeld, releaseHeld, reserveAll } from '@reckon/writing'
import { byAda, resourceOf, startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import { createWriter } from '../writer.ts'
import { ReservationController } from './controller.ts'

const address = { pool: 'clusterips', value: '10.96.7.7' } as const
const key = reservationStream(address)
const minuteMs = 60_000

const service = (name: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { clusterIP: address.value, ports: [{ port: 80 }], ...spec },
})

async function started(t: TestContext) {
  const cluster = await startedCluster(t)
  const { ports } = cluster
  const controller = new ReservationController()
  /** What one look at a key does, at a moment, with this view. */
  const look = async (nowMs: number, objects: Objects = ports.objects, at = key) => {
    await ports.reader.waitForHead(1000)
    const context = contextIn(cluster, { nowMs, objects })
    const again = await controller.reconcile(at, context)
    await ports.reader.waitForHead(1000)
    return again
  }
  const holder = async () => (await readHeld(ports, address))?.holder
  return { cluster, ports, look, holder }
}

test('a replicator that is behind releases no address of a living Service, however long it was paused', async (t) => {
  const { cluster, ports, look, holder } = await started(t)
  const stored = await cluster.create(service('web'))
  const behind = new Objects()
  for await (const event of ports.log.readAll()) {
    if (event.type !== 'ServiceCreated') behind.apply(event)
  }
  assert.equal(behind.reservations.of(address)?.holder?.uid, stored.object.metadata.uid)
  for (const nowMs of [0, minuteMs, 100 * minuteMs]) {
    assert.equal(await look(nowMs, behind), undefined)
    assert.equal((await holder())?.uid, stored.object.metadata.uid)
  }
})

test('what a killed writer left behind a deleted Service is released at once', async (t) => {
  const { cluster, ports, look, holder } = await started(t)
  await cluster.create(service('web'))
  const { log } = ports
  const { append } = log
  log.append = async (stream, ...rest) => {
    if (stream === key) throw new Error('killed')
    return append(stream, ...rest)
  }
  await assert.rejects(cluster.remove('Service', 'web'), /killed/)
  log.append = append
  assert.notEqual(await holder(), undefined)
  await look(0)
  assert.equal(await holder(), undefined)
})

test('a creation that was given up is refused when it comes at last, and two never have one address', async (t) => {
  const { cluster, ports, look, holder } = await started(t)
  const paused = Promise.withResolvers<void>()
  const reserved = Promise.withResolvers<void>()
  const log: EventLog = {
    ...ports.log,
    async append(stream, ...rest) {
      if (stream === 'services-shop/slow') {
        reserved.resolve()
        await paused.promise
      }
      return ports.log.append(stream, ...rest)
    },
  }
  const creation = { resource: resourceOf('Service'), object: service('slow'), origin: byAda }
  const creating = createObject({ ...ports, log }, creation)
  await reserved.promise
  assert.equal(await look(5), 5 + minuteMs)
  assert.notEqual(await holder(), undefined)
  assert.equal(await look(5 + minuteMs), undefined)
  assert.equal(await holder(), undefined)

  const { object } = await cluster.create(service('quick'))
  paused.resolve()
  await assert.rejects(creating, (error) => isRefusal(error, 'Invalid'))
  assert.equal((await holder())?.uid, object.metadata.uid)
  const having = cluster
    .list<Service>('Service')
    .filter((each) => each.object.spec.clusterIP === address.value)
  assert.equal(having.length, 1)
})

test('who reserves what another gave back has as long as anybody', async (t) => {
  const { ports, look, holder } = await started(t)
  const reserve = (name: string) =>
    reserveAll(ports, {
      ...{ reservables: [address], origin: byAda },
      holder: { stream: `services-shop/${name}`, uid: name },
    })
  await reserve('first')
  assert.equal(await look(0), minuteMs)
  const held = await readHeld(ports, address)
  assert.ok(held)
  await releaseHeld(ports, held, byAda)
  await ports.reader.waitForHead(1000)
  await reserve('second')
  assert.equal(await look(minuteMs), 2 * minuteMs)
  assert.equal((await holder())?.uid, 'second')
  await look(2 * minuteMs)
  assert.equal(await holder(), undefined)
})

test('a name whose unfinished creation was given up can be used', async (t) => {
  const { cluster, ports, look, holder } = await started(t)
  const unborn: Holder = { stream: 'services-shop/web', uid: 'never' }
  await reserveAll(ports, { reservables: [address], holder: unborn, origin: byAda })
  await look(0)
  await look(minuteMs)
  assert.equal(await holder(), undefined)
  const { object } = await cluster.create(service('web'))
  assert.equal((await holder())?.uid, object.metadata.uid)
  assert.equal(cluster.list('Service').length, 1)
})

test('what an object has and nobody holds is reserved for it', async (t) => {
  const { cluster, ports, look, holder } = await started(t)
  const { object } = await cluster.create(service('web'))
  const held = await readHeld(ports, address)
  assert.ok(held)
  const writer = createWriter(ports, {
    controller: 'test',
    intent: held.cause,
    trigger: held.cause,
    onWritten() {},
  })
  await writer.release(held)
  assert.equal(await holder(), undefined)
  await look(0, ports.objects, 'services-shop/web')
  assert.equal((await holder())?.uid, object.metadata.uid)
})
