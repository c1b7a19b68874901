import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { EventLog } from '@reckon/eventing'
import { configMaps, isRefusal, type KubernetesObject } from '@reckon/kubernetes'
import { createObject } from '@reckon/writing'
import { byAda, startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import { QuotaClaimController } from './controller.ts'

const minuteMs = 60_000
const object = (kind: string, name: string, content = {}): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' } },
  ...content,
})

async function started(t: TestContext) {
  const cluster = await startedCluster(t)
  await cluster.create(object('ResourceQuota', 'few', { spec: { hard: { configmaps: '1' } } }))
  const controller = new QuotaClaimController()
  const look = async (nowMs: number) => {
    await cluster.ports.reader.waitForHead(1000)
    const again = await controller.reconcile('shop', contextIn(cluster, { nowMs }))
    await cluster.ports.reader.waitForHead(1000)
    return again
  }
  const claims = () => cluster.ports.objects.quotaClaims.of('shop').claims.length
  return { ...cluster, look, claims }
}

test('a writer that only paused is refused once its claim was given up, and somebody else has the room', async (t) => {
  const { ports, look, claims, create, list } = await started(t)
  const paused = Promise.withResolvers<void>()
  const claimed = Promise.withResolvers<void>()
  const log: EventLog = {
    ...ports.log,
    async append(stream, ...given) {
      if (stream !== 'configmaps-shop/slow') return ports.log.append(stream, ...given)
      claimed.resolve()
      await paused.promise
      return ports.log.append(stream, ...given)
    },
  }
  const creation = { resource: configMaps, object: object('ConfigMap', 'slow'), origin: byAda }
  const creating = createObject({ ...ports, log }, creation)
  await claimed.promise
  assert.equal(await look(5), 5 + minuteMs)
  assert.equal(claims(), 1)
  assert.equal(await look(5 + minuteMs), 5 + minuteMs + 5_000)
  assert.equal(claims(), 0)
  assert.equal(await look(10 + minuteMs), undefined)
  await create(object('ConfigMap', 'quick'))
  paused.resolve()
  await assert.rejects(creating, (error) => isRefusal(error, 'Forbidden'))
  assert.deepEqual(
    list('ConfigMap').map((each) => each.object.metadata.name),
    ['quick'],
  )
})

test('what was recorded is claimed no more', async (t) => {
  const { look, claims, create } = await started(t)
  await create(object('ConfigMap', 'quick'))
  assert.deepEqual([await look(0), claims()], [undefined, 0])
})
