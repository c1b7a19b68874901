import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { services } from '@reckon/kubernetes'
import { byAda, foundedCluster, service } from './cluster.fixture.ts'
import { uniqueValues } from './unique-values.ts'

/** A cluster with a Service, and the transition in which it gives up what it holds. */
async function clusterWithService() {
  const cluster = await foundedCluster()
  const { object } = await cluster.create('services', service('web', { clusterIP: '10.96.0.99' }))
  const recordedAt = (await cluster.log.head()) ?? assert.fail()
  const holder = { stream: 'services-default/web', uid: object.metadata.uid ?? '' }
  const transition = { resource: services, from: object, holder, origin: byAda, recordedAt }
  return { ...cluster, transition }
}

test('giving back a second time records nothing', async () => {
  const { ports, log, transition } = await clusterWithService()
  for (let times = 0; times < 2; times++) await uniqueValues.release(ports, transition)
  const events = await Array.fromAsync(log.readStream('clusterips-10.96.0.99'))
  assert.deepEqual(
    events.map(({ type }) => type),
    ['ClusterIPReserved', 'ClusterIPReleased'],
  )
})

test('a bug that keeps a value from being given back is not hidden', async () => {
  const { ports, log, transition } = await clusterWithService()
  const broken: EventLog = { ...log, append: () => Promise.reject(new TypeError('bug')) }
  await assert.rejects(uniqueValues.release({ ...ports, log: broken }, transition), /bug/)
})
