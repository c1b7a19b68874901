import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startedCluster } from '../cluster.fixture.ts'
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
