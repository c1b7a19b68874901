import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { EndpointSlice, Endpoints, KubernetesObject, Pod } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import type { Controller } from '../controller.ts'
import { endpointsController } from '../endpoints/controller.ts'
import { endpointSliceController } from './controller.ts'

const service = (targetPort: number): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort }] },
})
const pod = (index: number): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `web-${index}`, namespace: 'shop', labels: { app: 'web' } },
  spec: { nodeName: 'a', containers: [{ name: 'c', image: 'web:1' }] },
})

/** A Service with so many pods that are ready, and what one look of a controller at it does. */
async function served(t: TestContext, { pods }: { pods: number }) {
  const cluster = await startedCluster(t)
  cluster.agents()
  await cluster.node('a')
  await cluster.create(service(8080))
  for (let index = 0; index < pods; index++) await cluster.create(pod(index))
  await cluster.until('all have addresses', () =>
    cluster.list<Pod>('Pod').every(({ object }) => object.status?.podIP),
  )
  const look = async (controller: Controller) => {
    let [looked, rested] = [0, 0]
    const lookedAt = (objects: number) => {
      looked = objects
    }
    const rest = (ms: number) => {
      rested = ms
    }
    await controller.reconcile('shop/web', contextIn(cluster, { lookedAt, rest }))
    await cluster.ports.reader.waitForHead(1000)
    return { looked, rested }
  }
  return { cluster, look }
}

test('a Service of few pods has its slice at once; its Endpoints are written once for all that comes together', async (t) => {
  const { cluster, look } = await served(t, { pods: 3 })
  assert.deepEqual(await look(endpointSliceController), { looked: 3, rested: 0 })
  assert.deepEqual(await look(endpointsController), { looked: 3, rested: 500 })
  const [slice] = cluster.list<EndpointSlice>('EndpointSlice')
  assert.equal(slice?.object.endpoints?.length, 3)
  const [endpoints] = cluster.list<Endpoints>('Endpoints')
  assert.equal(endpoints?.object.subsets?.[0]?.addresses?.length, 3)
})

test('of a Service of many pods each slice holds a hundred at most', async (t) => {
  const { cluster, look } = await served(t, { pods: 250 })
  assert.equal((await look(endpointSliceController)).looked, 250)
  const slices = cluster.list<EndpointSlice>('EndpointSlice')
  assert.deepEqual(slices.map(({ object }) => object.endpoints?.length).sort(), [100, 100, 50])
})

test('when its pods are to be reached at another port, the new slices are there before the old ones go', async (t) => {
  const { cluster, look } = await served(t, { pods: 120 })
  await look(endpointSliceController)
  const before = (await cluster.events()).length
  await cluster.change('Service', 'web', (current) => ({ ...current, spec: service(9090).spec }))
  await look(endpointSliceController)
  const types = (await cluster.events()).slice(before + 1).map(({ type }) => type)
  assert.deepEqual(types, [
    'EndpointSliceCreated',
    'EndpointSliceCreated',
    'EndpointSliceDeleted',
    'EndpointSliceDeleted',
  ])
})
