import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type NodeUsage, nodeCredentials, nodeUsage } from '@reckon/node-plane'
import { inDefault, startedApi } from '../api.fixture.ts'

const root = '/apis/metrics.k8s.io/v1beta1'
const used = { cpuNanocores: 250_000_000, memoryBytes: 64 * 2 ** 20 }
const containers = [{ name: 'c', ...used }]

let api: Awaited<ReturnType<typeof startedApi>>
const uids = new Map<string, string>()

before(async () => {
  api = await startedApi()
  for (const name of ['a', 'b']) {
    const body = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { disk: name } } }
    await api.ask('POST', '/api/v1/nodes', { body })
  }
  for (const [name, nodeName] of [
    ['web', 'a'],
    ['db', 'b'],
  ] as const) {
    const spec = { nodeName, containers: [{ name: 'c', image: 'i' }] }
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec }
    const { json } = await api.ask('POST', inDefault('pods'), { body })
    uids.set(name, json.metadata.uid ?? '')
  }
})
after(async () => {
  await api.close()
  assert.deepEqual(api.errors, [])
})

/** A node tells what it and those pods use. */
async function tell(
  node: string,
  about: readonly string[],
  subject = nodeUsage(node),
): Promise<void> {
  const bus = api.hub.connect(undefined, nodeCredentials(node))
  const pods = about.map((name) => ({ uid: uids.get(name) ?? '', windowMs: 2_000, containers }))
  const usage: NodeUsage = { node: { ...used, windowMs: 15_000 }, pods }
  bus.publish(subject, new TextEncoder().encode(JSON.stringify(usage)))
  await bus.flush()
}

const names = async (path: string) =>
  (await api.ask('GET', `${root}${path}`)).json.items.map(({ metadata }) => metadata.name)

test('until a node tells, nothing is known of it', async () => {
  assert.deepEqual(await names('/nodes'), [])
  assert.deepEqual(await names('/pods'), [])
  const { code, json } = await api.ask('GET', `${root}/nodes/a`)
  assert.deepEqual([code, json.message], [404, 'nodes.metrics.k8s.io "a" not found'])
})

test('what a node tells is what clients are shown, as upstream’s metrics-server shows it', async () => {
  await tell('a', ['web'])
  const { json: node } = await api.ask('GET', `${root}/nodes/a`)
  assert.deepEqual(
    [node.kind, node.usage, node.window, node.metadata.labels],
    ['NodeMetrics', { cpu: '250000000n', memory: '65536Ki' }, '15s', { disk: 'a' }],
  )
  const { json: pod } = await api.ask('GET', `${root}/namespaces/default/pods/web`)
  assert.deepEqual(
    [pod.kind, pod.containers, pod.window, pod.metadata.namespace],
    ['PodMetrics', [{ name: 'c', usage: node.usage }], '2s', 'default'],
  )
  const { json: list } = await api.ask('GET', `${root}/namespaces/default/pods`)
  assert.deepEqual([list.kind, list.apiVersion], ['PodMetricsList', 'metrics.k8s.io/v1beta1'])
  assert.deepEqual(list.items, [pod])
})

test('a node speaks of its own pods only', async () => {
  await tell('a', ['web', 'db'])
  await tell('a', ['db'], nodeUsage('b'))
  assert.deepEqual(await names('/pods'), ['web'])
  assert.deepEqual(await names('/nodes'), ['a'])
})

test('selectors are of the nodes and pods themselves', async () => {
  await tell('a', ['web'])
  await tell('b', ['db'])
  assert.deepEqual(await names('/nodes?labelSelector=disk%3Db'), ['b'])
  assert.deepEqual(await names('/pods?labelSelector=app%21%3Dweb'), ['db'])
  assert.deepEqual(await names('/namespaces/default/pods?fieldSelector=metadata.name%3Dweb'), [
    'web',
  ])
  assert.deepEqual(await names('/namespaces/kube-system/pods'), [])
})

test('it is discovered, and read only, by who may', async () => {
  const { json } = await api.ask('GET', root)
  const { resources } = json as unknown as { resources: { name: string; verbs: string[] }[] }
  assert.deepEqual(
    resources.map(({ name, verbs }) => [name, verbs]),
    [
      ['nodes', ['get', 'list']],
      ['pods', ['get', 'list']],
    ],
  )
  assert.equal((await api.ask('GET', `${root}/pods?watch=true`)).code, 405)
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const path = method === 'POST' ? `${root}/nodes` : `${root}/nodes/a`
    const { code } = await api.ask(method, path, method === 'DELETE' ? {} : { body: {} })
    assert.equal(code, 405, method)
  }
  const user = { name: 'eve', groups: ['system:authenticated'] }
  const refused = await api.ask('GET', `${root}/namespaces/default/pods`, { user })
  assert.equal(refused.code, 403)
  assert.match(
    refused.json.message ?? '',
    /cannot list resource "pods" in API group "metrics.k8s.io"/,
  )
})
