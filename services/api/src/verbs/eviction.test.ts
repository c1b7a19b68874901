import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { conditionOf, type Pod } from '@reckon/kubernetes'
import { inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const pods = inDefault('pods')
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'

/** A pod that runs on a node, and is ready or not. */
async function running(name: string, { app = name, ready = 'True' } = {}) {
  const spec = { nodeName: 'a', containers: [{ name: 'c', image: 'i' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app } }, spec }
  const { json } = await api.ask('POST', pods, { body: pod })
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] }
  const type = 'application/merge-patch+json'
  await api.ask('PATCH', `${pods}/${name}/status`, { body: { status }, type })
  return json.metadata.uid ?? ''
}

/** A budget that allows so many disruptions. */
async function budget(name: string, disruptionsAllowed: number, app = name) {
  const selector = { matchLabels: { app } }
  const metadata = { name }
  const body = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata }
  await api.ask('POST', budgets, { body: { ...body, spec: { minAvailable: 1, selector } } })
  const counts = { currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, observedGeneration: 1 }
  const type = 'application/merge-patch+json'
  const status = { disruptionsAllowed, ...counts }
  await api.ask('PATCH', `${budgets}/${name}/status`, { body: { status }, type })
}

const evict = (name: string, more: object = {}, version = 'policy/v1') => {
  const body = { apiVersion: version, kind: 'Eviction', metadata: { name }, ...more }
  return api.ask('POST', `${pods}/${name}/eviction`, { body })
}
const podOf = async (name: string) =>
  (await api.ask('GET', `${pods}/${name}`)).json as unknown as Pod
const allowedBy = async (name: string) => {
  const { json } = await api.ask('GET', `${budgets}/${name}`)
  return (json.status as unknown as { disruptionsAllowed: number }).disruptionsAllowed
}

test('a pod that no budget counts is evicted, in either version, and says why', async () => {
  await running('free')
  await running('brief')
  assert.equal((await evict('brief', { deleteOptions: { gracePeriodSeconds: 7 } })).code, 201)
  assert.equal((await podOf('brief')).metadata.deletionGracePeriodSeconds, 7)
  const { code, json } = await evict('free', {}, 'policy/v1beta1')
  assert.deepEqual([code, json.status], [201, 'Success'])
  const { metadata, status } = await podOf('free')
  assert.ok(metadata.deletionTimestamp)
  assert.equal(conditionOf(status, 'DisruptionTarget')?.reason, 'EvictionByEvictionAPI')
  assert.equal((await evict('free')).code, 201)
  assert.equal((await evict('nobody')).code, 404)
})

test('a budget lets go as many as it allows, and refuses the next in upstream’s words', async () => {
  for (const name of ['web-1', 'web-2']) await running(name, { app: 'web' })
  await budget('web', 1)
  assert.equal((await evict('web-1', { deleteOptions: { dryRun: ['All'] } })).code, 201)
  assert.equal((await podOf('web-1')).metadata.deletionTimestamp, undefined)
  assert.equal(await allowedBy('web'), 1)

  assert.equal((await evict('web-1')).code, 201)
  assert.equal(await allowedBy('web'), 0)
  const { code, json } = await evict('web-2')
  assert.equal(code, 429)
  assert.equal(json.message, "Cannot evict pod as it would violate the pod's disruption budget.")
  const message = 'The disruption budget web needs 1 healthy pods and has 1 currently'
  assert.deepEqual(json.details?.causes, [{ reason: 'DisruptionBudget', message }])
  assert.equal((await evict('web-2', { deleteOptions: { dryRun: ['All'] } })).code, 429)
  assert.equal((await podOf('web-2')).metadata.deletionTimestamp, undefined)
})

test('what serves nobody is evicted whatever its budget says', async () => {
  await budget('idle', 0)
  await running('idle', { ready: 'False' })
  assert.equal((await evict('idle')).code, 201)
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const metadata = { name: 'pending', labels: { app: 'idle' } }
  await api.ask('POST', pods, { body: { apiVersion: 'v1', kind: 'Pod', metadata, spec } })
  assert.equal((await evict('pending')).code, 201)
})

test('a pod of two budgets, another pod than was meant, and another name are refused', async () => {
  await running('both')
  for (const name of ['one', 'two']) await budget(name, 1, 'both')
  const two = await evict('both')
  assert.equal(two.code, 500)
  assert.match(String(two.json.message), /more than one PodDisruptionBudget/)
  await running('other')
  const preconditions = { uid: 'another' }
  assert.equal((await evict('other', { deleteOptions: { preconditions } })).code, 409)
  const resourceVersion = { preconditions: { resourceVersion: '1' } }
  assert.equal((await evict('other', { deleteOptions: resourceVersion })).code, 409)
  const orphaned = await evict('other', { deleteOptions: { propagationPolicy: 'Orphan' } })
  assert.match(String(orphaned.json.message), /deleteOptions.propagationPolicy: Unsupported value/)
  const { code, json } = await evict('other', { metadata: { name: 'x' } })
  assert.equal(code, 400)
  assert.equal(json.message, 'name in URL does not match name in Eviction object')
})
