import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namespaces } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import type { Context } from '../controller.ts'
import { GarbageController } from './controller.ts'

const key = 'v1 Pod shop/web'

test('a node that came back and goes again gives its pods the whole time anew; so does a new term', async (t) => {
  const cluster = await startedCluster(t)
  const { objects } = cluster.ports
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } }
  const spec = { nodeName: 'a', containers: [{ name: 'app', image: 'app:1' }] }
  await cluster.create({ ...pod, spec })
  const seconds = { count: 0 }
  const controller = new GarbageController({ seconds })
  objects.subscribe((change) => controller.keysOf(change, objects))
  const againAt = (second: number, of = controller) => {
    seconds.count = second
    const nowMs = second * 1_000
    return of.reconcile(key, { objects, nowMs, writerFor: () => ({}) } as unknown as Context)
  }

  assert.equal(await againAt(1), 41_000)
  assert.equal(await againAt(11), 41_000)
  assert.equal(await againAt(11, new GarbageController({ seconds })), 51_000)
  await cluster.node('a')
  await cluster.ports.reader.waitForHead(1000)
  assert.equal(await againAt(20), undefined)
  await cluster.remove('Node', 'a')
  assert.equal(await againAt(60), 100_000)
})

test('what is in no namespace is not garbage because it names an owner that is in one', async (t) => {
  const cluster = await startedCluster(t)
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'own', uid: 'of somebody' }
  const ownerReferences = [owner]
  const metadata = { name: 'precious', ownerReferences }
  await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata })
  const controller = new GarbageController({ seconds: { count: 0 } })
  await controller.reconcile('v1 Namespace /precious', contextIn(cluster))
  await cluster.ports.reader.waitForHead(1000)
  const kept = cluster.ports.objects.get(namespaces, '', 'precious')?.object
  assert.equal(kept?.metadata.deletionTimestamp, undefined)
  assert.ok(kept)
})

test('an owner that its dependent has forgotten is looked at again', async (t) => {
  const cluster = await startedCluster(t)
  const config = (name: string) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap' },
    metadata: { name, namespace: 'shop', finalizers: ['foregroundDeletion'] },
  })
  await cluster.create(config('own'))
  await cluster.remove('ConfigMap', 'own')
  const [own] = cluster.list('ConfigMap')
  const { uid = '' } = own?.object.metadata ?? {}
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'own', uid }
  const dependent = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', namespace: 'shop' },
  }
  await cluster.create({
    ...dependent,
    metadata: { ...dependent.metadata, ownerReferences: [owner] },
  })
  const controller = new GarbageController({ seconds: { count: 0 } })
  const keys: string[] = []
  const { objects } = cluster.ports
  t.after(objects.subscribe((change) => keys.push(...controller.keysOf(change, objects))))
  await cluster.change('ConfigMap', 'x', ({ metadata, ...rest }) => {
    const { ownerReferences: _, ...others } = metadata
    return { ...rest, metadata: others }
  })
  assert.ok(keys.includes('v1 ConfigMap shop/own'))
})
