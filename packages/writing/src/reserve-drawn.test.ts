import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { type Service, StatusError, services } from '@reckon/kubernetes'
import { byAda, foundedCluster, service } from './cluster.fixture.ts'
import { createObject } from './create-object.ts'
import { reserveAll } from './unique-values.ts'
import { watched } from './watched.fixture.ts'
import { WriterView } from './writer-view.ts'

/** A cluster, and another writer there who draws the same address and knows nothing of what the first one did. */
async function clusterOfTwo() {
  const cluster = await foundedCluster()
  let drawn = 0
  const below = () => {
    drawn++
    return 7
  }
  const ids = { ...cluster.ids, below }
  const { ports, asked } = watched({
    ...cluster.ports,
    ids,
    known: new WriterView(cluster.objects),
  })
  const create = async (name: string, { log = ports.log, spec = {} } = {}) => {
    const wanted = { resource: services, object: service(name, spec), origin: byAda }
    const { stored } = await createObject({ ...ports, log }, wanted)
    return (stored.object as Service).spec.clusterIP
  }
  const taken = (clusterIP: string) => cluster.create('services', service('first', { clusterIP }))
  /** The log, with something in the way of what is appended about an address. */
  const logWith = (inTheWay: (value: string) => Promise<void>): EventLog => ({
    ...ports.log,
    async append(stream, ...given) {
      const [, value] = /^clusterips-(.+)$/.exec(stream) ?? []
      if (value !== undefined) await inTheWay(value)
      return ports.log.append(stream, ...given)
    },
  })
  return { ...cluster, create, taken, asked, logWith, drawnCount: () => drawn }
}

test('an address that was drawn and that somebody else has by now is drawn again', async () => {
  const { create, taken } = await clusterOfTwo()
  await taken('10.96.0.23')
  assert.equal(await create('second'), '10.96.0.24')
})

test('an address that was asked for and that somebody else has is refused, once the view knows it', async () => {
  const { create, taken, asked } = await clusterOfTwo()
  await taken('10.96.0.99')
  await assert.rejects(create('second', { spec: { clusterIP: '10.96.0.99' } }), {
    reason: 'Invalid',
    message: /provided IP is already allocated/,
  })
  assert.equal(asked.filter((each) => each === 'wait').length, 1)
})

test('whose addresses are always taken before is refused after five tries', async () => {
  const { ports, create, logWith } = await clusterOfTwo()
  let rivals = 0
  const log = logWith(async (value) => {
    if (rivals++ >= 7) return
    const holder = { stream: `services-default/rival-${rivals}`, uid: `${rivals}` }
    await reserveAll(ports, { reservables: [{ pool: 'clusterips', value }], holder, origin: byAda })
  })
  await assert.rejects(create('second', { log }), { reason: 'Invalid' })
  assert.equal(rivals, 5)
})

test('an address that the store does not take now is not drawn again', async () => {
  const { create, logWith, drawnCount } = await clusterOfTwo()
  const log = logWith(() => Promise.reject(new StatusError('ServiceUnavailable', 'away')))
  await assert.rejects(create('second', { log }), { reason: 'ServiceUnavailable' })
  assert.equal(drawnCount(), 1)
})
