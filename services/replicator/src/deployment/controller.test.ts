import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploymentOf, startedCluster } from '../cluster.fixture.ts'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import { deploymentController } from './controller.ts'

test('a Deployment hears of a ReplicaSet that it may adopt, and of one that has left it', async (t) => {
  const cluster = await startedCluster(t)
  const { objects } = cluster.ports
  await cluster.create(deploymentOf('web', 1))
  const [web] = cluster.list('Deployment')
  assert.ok(web)
  const { spec } = deploymentOf('web', 1) as { spec?: { selector: object; template: object } }
  let keys: string[] = []
  t.after(objects.subscribe((change) => keys.push(...deploymentController.keysOf(change, objects))))
  const heard = async (act: () => Promise<unknown>) => {
    keys = []
    await act()
    await cluster.ports.reader.waitForHead(1000)
    return new Set(keys)
  }
  const set = {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } },
    spec: { replicas: 1, selector: spec?.selector, template: spec?.template },
  }
  assert.deepEqual(await heard(() => cluster.create(set)), new Set(['shop/web']))
  await cluster.change('ReplicaSet', 'web-1', (each) => ({
    ...each,
    metadata: { ...each.metadata, ownerReferences: [controllerReferenceTo(web.object)] },
  }))
  const leave = () =>
    cluster.change('ReplicaSet', 'web-1', ({ metadata, ...rest }) => {
      const { ownerReferences: _, ...others } = metadata
      return { ...rest, metadata: { ...others, labels: { app: 'other' } } }
    })
  assert.deepEqual(await heard(leave), new Set(['shop/web']))
})
