import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Objects } from '@reckon/domain'
import { isOf, type KubernetesObject, nodes } from '@reckon/kubernetes'
import { nodeHeartbeat } from '@reckon/node-plane'
import { startedApi } from '../api.fixture.ts'
import { EncodedObjects } from './encoded-objects.ts'
import { fullObject, metadataOnly } from './object-representation.ts'
import { withHeartbeats } from './with-heartbeats.ts'

const recorded = '2020-01-01T00:00:00Z'
const condition = (type: string) => ({
  ...{ type, status: 'True', reason: 'Because', message: '' },
  ...{ lastHeartbeatTime: recorded, lastTransitionTime: recorded },
})

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  const conditions = [condition('Ready'), condition('KernelDeadlock')]
  for (const name of ['heard', 'silent']) {
    const body = { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} }
    await api.ask('POST', '/api/v1/nodes', { body })
    const status = { status: { conditions } }
    const type = 'application/merge-patch+json'
    await api.ask('PATCH', `/api/v1/nodes/${name}/status`, { body: status, type })
  }
  const said = new Promise<void>((resolve) => {
    api.hub.connect('another').subscribe(nodeHeartbeat('*'), () => resolve())
  })
  api.hub.connect('heard').publish(nodeHeartbeat('heard'), new Uint8Array())
  await said
})
after(() => api.close())

/** By type of condition, of one node. */
function heartbeatsOf(node: KubernetesObject | undefined): Record<string, string | undefined> {
  assert.ok(node && isOf(nodes, node))
  const conditions = node.status?.conditions ?? []
  return Object.fromEntries(conditions.map((each) => [each.type, each.lastHeartbeatTime]))
}

const listed = async (query = '') => {
  const { json } = await api.ask('GET', `/api/v1/nodes${query}`)
  const of = (name: string) =>
    heartbeatsOf(json.items.find(({ metadata }) => metadata.name === name))
  return { heard: of('heard'), silent: of('silent'), version: json.metadata.resourceVersion }
}

test('a node that is read as it is now was heard just now; what others say of it, and a silent one, is as recorded', async () => {
  const { heard, silent } = await listed()
  assert.ok((heard.Ready ?? '') > '2026')
  assert.equal(heard.KernelDeadlock, recorded)
  assert.deepEqual(silent, { Ready: recorded, KernelDeadlock: recorded })
  const { json } = await api.ask('GET', '/api/v1/nodes/heard')
  assert.ok((heartbeatsOf(json).Ready ?? '') >= (heard.Ready ?? ''))
})

test('an exact version, the past and a watch tell what was recorded', async () => {
  const { version = '' } = await listed()
  const exact = await listed(`?resourceVersion=${version}&resourceVersionMatch=Exact`)
  assert.equal(exact.heard.Ready, recorded)
  const past = await api.ask('GET', `/at/${version}/api/v1/nodes/heard`)
  assert.equal(heartbeatsOf(past.json).Ready, recorded)
  const watched = await api.ask('GET', '/api/v1/nodes?watch=1&timeoutSeconds=1')
  for (const { object } of watched.lines) assert.equal(heartbeatsOf(object).Ready, recorded)
  assert.equal(watched.lines.length, 2)
})

test('what is heard of a node is encoded once for all who ask, apart from what watchers share', () => {
  const bytes = new EncodedObjects(new Objects())
  const groupVersion = { group: '', version: 'v1' }
  const served = { resource: nodes, groupVersion }
  const node = {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'heard', resourceVersion: '1' } },
    status: { conditions: [condition('Ready')] },
  }
  let nowMs = Date.UTC(2026, 1, 1)
  const heartbeats = { lastMs: () => nowMs }
  const full = fullObject(served, bytes)
  const recordedBytes = full.object(node)
  const live = withHeartbeats(full, heartbeats)
  const first = live.object(node)
  assert.equal(live.item(node), first)
  assert.equal(full.object(node), recordedBytes)
  nowMs += 1_000
  assert.notDeepEqual(live.object(node), first)
  // Metadata shows nothing of it.
  const plain = metadataOnly(served, 'meta.k8s.io/v1', bytes)
  assert.equal(withHeartbeats(plain, heartbeats), plain)
})
