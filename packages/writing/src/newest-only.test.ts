import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { resourceNamed } from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, foundedCluster } from './cluster.fixture.ts'
import { deleteObject } from './delete-object.ts'

const id = 'leases.coordination.k8s.io'
const target = { resource: resourceNamed(id), namespace: 'default', name: 'leader' }
const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'leader', namespace: 'default' },
  spec: { holderIdentity: 'a', leaseTransitions: 0 },
}

test('of a Lease that is renewed again and again the log holds one event, and every view the Lease', async () => {
  const cluster = await foundedCluster()
  await cluster.create(id, lease)
  for (let leaseTransitions = 1; leaseTransitions <= 5; leaseTransitions++) {
    if (leaseTransitions === 3) await cluster.catchUp()
    await changeObject(cluster.ports, {
      target,
      origin: byAda,
      change: (current) => ({ ...current, spec: { ...lease.spec, leaseTransitions } }),
    })
  }
  await cluster.catchUp()
  const [newest, ...others] = await cluster.eventsOf(id, 'leader')
  assert.deepEqual([newest?.type, newest?.revision, others], ['LeaseChanged', 5n, []])
  const known = cluster.objects.get(target.resource, 'default', 'leader')
  assert.deepEqual(known?.object.spec, { ...lease.spec, leaseTransitions: 5 })
  const fresh = new Objects()
  for await (const event of cluster.log.readAll()) fresh.apply(event)
  assert.deepEqual(fresh.get(target.resource, 'default', 'leader'), known)
})

test('a Lease that was deleted is made again, and stays limited', async () => {
  const cluster = await foundedCluster()
  await cluster.create(id, lease)
  await deleteObject(cluster.ports, { target, origin: byAda })
  await cluster.catchUp()
  await cluster.create(id, lease)
  await cluster.catchUp()
  const types = (await cluster.eventsOf(id, 'leader')).map(({ type }) => type)
  assert.deepEqual(types, ['LeaseCreated'])
})
