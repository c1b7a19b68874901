import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedIn, type ObjectChange } from '@reckon/domain'
import {
  type Deployment,
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
} from '@reckon/kubernetes'
import { type NodeUsage, nodeUsage } from '@reckon/node-plane'
import { startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import { HorizontalPodAutoscalerController } from './controller.ts'
import { HeardUsages } from './heard-usages.ts'

const labels = { app: 'web' }
const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'i' }] } }
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }

test('what is decided is recorded with what was seen, then the target is scaled', async (t) => {
  const cluster = await startedCluster(t)
  const { bus } = cluster.ports
  await cluster.node('a')
  await cluster.create({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  })
  cluster.agents()
  const resources = { requests: { memory: '100Mi' } }
  const { object: pod } = await cluster.create({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', labels } },
    spec: { nodeName: 'a', containers: [{ name: 'app', image: 'i', resources }] },
  })
  const { stored } = await create(cluster, 'web')
  const usages = new HeardUsages(cluster.ports)
  const controller = new HorizontalPodAutoscalerController(usages)
  t.after(controller.follow())
  const used = { cpuNanocores: 1, memoryBytes: 180 * 2 ** 20 }
  const pods = [
    { uid: pod.metadata.uid ?? '', windowMs: 1_000, containers: [{ name: 'app', ...used }] },
  ]
  const usage: NodeUsage = { pods }
  bus.publish(nodeUsage('a'), new TextEncoder().encode(JSON.stringify(usage)))
  await bus.flush()
  const nowMs = cluster.ports.clock.now() + 60_000
  const again = await controller.reconcile('shop/web', contextIn(cluster, { nowMs }))
  assert.equal(again, nowMs + 15_000)
  await cluster.ports.reader.waitForHead(1000)
  const [deployment] = cluster.list<Deployment>('Deployment')
  assert.equal(deployment?.object.spec.replicas, 4)
  const events = await cluster.events()
  const told = events.find(({ type }) => type === 'HorizontalPodAutoscalerStatusChanged')
  const scaled = events.find(({ type }) => type === 'DeploymentScaled')
  assert.ok(told && scaled && told.position < scaled.position)
  const { scaling } = changedIn(told)
  assert.deepEqual([scaling?.from, scaling?.to, scaling?.metrics[0]?.current], [1, 4, '180%'])
  assert.equal(scaled.metadata?.$causationId, stored.intent.id)
})

test('what cannot be scaled says so, and its autoscaler is looked at again', async (t) => {
  const cluster = await startedCluster(t)
  const { controller } = await create(cluster, 'web')
  await controller.reconcile('shop/web', contextIn(cluster))
  await cluster.ports.reader.waitForHead(1000)
  const [autoscaler] = cluster.list<HorizontalPodAutoscaler>('HorizontalPodAutoscaler')
  const [condition] = autoscaler?.object.status?.conditions ?? []
  assert.deepEqual([condition?.type, condition?.reason], ['AbleToScale', 'FailedGetScale'])
  assert.match(condition?.message ?? '', /deployments.apps "web" not found$/)
  assert.equal(await controller.reconcile('shop/none', contextIn(cluster)), undefined)
})

test('only another spec is a reason to look at once: of its own status it is the author', async (t) => {
  const cluster = await startedCluster(t)
  const { controller, stored } = await create(cluster, 'web')
  const change = (spec: object, before?: object) => {
    const now = { ...stored, object: { ...stored.object, spec } }
    const was = before && { ...stored, object: { ...stored.object, spec: before } }
    const event = {
      id: 'e',
      type: '',
      stream: '',
      revision: 0n,
      position: 0n,
      data: {},
      metadata: undefined,
    }
    const of = { resource: horizontalPodAutoscalers, stored: now, before: was, event }
    return controller.keysOf({ type: was ? 'MODIFIED' : 'ADDED', ...of } as ObjectChange)
  }
  assert.deepEqual(change({ maxReplicas: 3 }), ['shop/web'])
  assert.deepEqual(change({ maxReplicas: 3 }, { maxReplicas: 3 }), [])
  assert.deepEqual(change({ maxReplicas: 4 }, { maxReplicas: 3 }), ['shop/web'])
  assert.deepEqual(controller.allKeys(cluster.ports.objects), ['shop/web'])
})

async function create(cluster: Awaited<ReturnType<typeof startedCluster>>, name: string) {
  const target = { type: 'Utilization', averageUtilization: 50 }
  const stored = await cluster.create({
    apiVersion: 'autoscaling/v2',
    ...{ kind: 'HorizontalPodAutoscaler', metadata: { name, namespace: 'shop' } },
    spec: {
      scaleTargetRef,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'memory', target } }],
    },
  })
  return {
    stored,
    controller: new HorizontalPodAutoscalerController(new HeardUsages(cluster.ports)),
  }
}
