import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Service } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

test('a balanced Service gets the address of a node as soon as there is one', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  await cluster.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  } as Service)
  await cluster.node('a')
  const ingress = () =>
    cluster.list<Service>('Service')[0]?.object.status?.loadBalancer?.ingress?.map(({ ip }) => ip)
  await cluster.until('it has an address', () => ingress() !== undefined)
  assert.deepEqual(ingress(), ['192.0.2.1'])
})
