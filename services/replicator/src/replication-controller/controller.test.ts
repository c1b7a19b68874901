import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, ReplicationController } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

const stray: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'stray', namespace: 'shop', labels: { app: 'nginx' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
}
const controller = {
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name: 'nginx', namespace: 'shop' },
  spec: {
    replicas: 3,
    template: {
      metadata: { labels: { app: 'nginx' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
    },
  },
}

test('a ReplicationController without a selector has the pods of its template, adopts, and scales', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  await cluster.create(stray)
  await cluster.create(controller)
  const list = () => cluster.list<ReplicationController>('ReplicationController')[0]?.object
  const has = (count: number) => () =>
    list()?.status?.replicas === count && cluster.list('Pod').length === count
  await cluster.until('there are three', has(3))
  assert.deepEqual(list()?.spec.selector, { app: 'nginx' })
  const owners = cluster
    .list<Pod>('Pod')
    .map(({ object }) => object.metadata.ownerReferences?.[0]?.kind)
  assert.deepEqual(new Set(owners), new Set(['ReplicationController']))
  const { spec } = controller
  await cluster.change('ReplicationController', 'nginx', (object) => ({
    ...object,
    spec: { ...spec, selector: { app: 'nginx' }, replicas: 1 },
  }))
  await cluster.until('one is left', has(1))
})
