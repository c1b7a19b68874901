import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { changedIn, type ObjectChange } from '@reckon/domain'
import {
  type Deployment,
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
  StatusError,
  secondsOf,
} from '@reckon/kubernetes'
import { type NodeUsage, nodeUsage } from '@reckon/node-plane'
import { startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import type { Context } from '../controller.ts'
import type { Writer } from '../writer.ts'
import { HorizontalPodAutoscalerController } from './controller.ts'
import { HeardUsages } from './heard-usages.ts'

const labels = { app: 'web' }
const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'i' }] } }
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }

/** A Deployment of so many, and its one pod, which uses so much of the 100 MiB that it asks for. */
async function webUsing(
  cluster: Awaited<ReturnType<typeof startedCluster>>,
  t: TestContext,
  replicas: number,
) {
  const { bus } = cluster.ports
  await cluster.node('a')
  await cluster.create({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
    spec: { replicas, selector: { matchLabels: labels }, template },
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
  const use = async (mebibytes: number) => {
    const used = { cpuNanocores: 1, memoryBytes: Math.round(mebibytes * 2 ** 20) }
    const pods = [
      { uid: pod.metadata.uid ?? '', windowMs: 1_000, containers: [{ name: 'app', ...used }] },
    ]
    const usage: NodeUsage = { pods }
    bus.publish(nodeUsage('a'), new TextEncoder().encode(JSON.stringify(usage)))
    await bus.flush()
  }
  const look = async (nowMs: number, special: Partial<Context> = {}) => {
    const again = await controller.reconcile('shop/web', contextIn(cluster, { nowMs, ...special }))
    await cluster.ports.reader.waitForHead(1000)
    return again
  }
  const wanted = () => cluster.list<Deployment>('Deployment')[0]?.object.spec.replicas
  return { stored, use, look, wanted }
}

test('what is decided is recorded with what was seen, then the target is scaled', async (t) => {
  const cluster = await startedCluster(t)
  const { stored, use, look, wanted } = await webUsing(cluster, t, 1)
  await use(180)
  const nowMs = cluster.ports.clock.now() + 60_000
  assert.equal(await look(nowMs), nowMs + 15_000)
  assert.equal(wanted(), 4)
  const events = await cluster.events()
  const told = events.find(({ type }) => type === 'HorizontalPodAutoscalerStatusChanged')
  const scaled = events.find(({ type }) => type === 'DeploymentScaled')
  assert.ok(told && scaled && told.position < scaled.position)
  const { scaling } = changedIn(told)
  assert.deepEqual([scaling?.from, scaling?.to, scaling?.metrics[0]?.current], [1, 4, '180%'])
  assert.equal(scaled.metadata?.$causationId, stored.intent.id)
})

test('who begins to look on scales down only when a window has passed, and says nothing meanwhile', async (t) => {
  const cluster = await startedCluster(t)
  const { use, look, wanted } = await webUsing(cluster, t, 4)
  const nowMs = cluster.ports.clock.now() + 60_000
  await use(10)
  await look(nowMs)
  const { length } = await cluster.events()
  for (const seconds of [15, 30, 285]) {
    await use(10 + seconds / 1000)
    await look(nowMs + seconds * 1000)
  }
  assert.equal((await cluster.events()).length, length)
  assert.equal(wanted(), 4)
  await look(nowMs + 300_000)
  assert.equal(wanted(), 1)
})

test('a target that refuses is asked again and again, which is told once', async (t) => {
  const cluster = await startedCluster(t)
  const { use, look, wanted } = await webUsing(cluster, t, 1)
  await use(180)
  const change: Writer['change'] = () => Promise.reject(new StatusError('Forbidden', 'no more'))
  const refusing: Context['writerFor'] = (stored) => ({
    ...contextIn(cluster).writerFor(stored),
    change,
  })
  const nowMs = cluster.ports.clock.now() + 60_000
  const status = () =>
    cluster.list<HorizontalPodAutoscaler>('HorizontalPodAutoscaler')[0]?.object.status
  const said = () => status()?.conditions?.find(({ type }) => type === 'AbleToScale')?.reason
  await look(nowMs, { writerFor: refusing })
  assert.equal(said(), 'FailedUpdateScale')
  assert.equal(status()?.lastScaleTime, undefined)
  const { length } = await cluster.events()
  for (const times of [1, 2]) await look(nowMs + times * 15_000, { writerFor: refusing })
  assert.equal((await cluster.events()).length, length)
  await look(nowMs + 45_000)
  assert.deepEqual([wanted(), said()], [4, 'SucceededRescale'])
  assert.equal(status()?.lastScaleTime, secondsOf(nowMs + 45_000))
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
