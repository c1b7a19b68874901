import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completeObjects } from '@reckon/api/complete-objects'
import { type ObjectChange, type StoredObject, streamOf } from '@reckon/domain'
import { createMemoryTokenKey } from '@reckon/eventing/memory'
import { type KubernetesObject, type Resource, resources } from '@reckon/kubernetes'
import { startedCluster } from './cluster.fixture.ts'
import { createControllers } from './controllers.ts'
import { HeardUsages } from './horizontal-pod-autoscaler/heard-usages.ts'
import { Heartbeats } from './node-lifecycle/heartbeats.ts'
import { TermSeconds } from './term-seconds.ts'
import { watchersOf } from './watching.ts'

/** One that has much of what its kind may have where there is such a one, else one that has nothing. */
function objectOf({ kind, group, version, namespaced }: Resource, name: string): KubernetesObject {
  const complete = completeObjects.find(([, object]) => object.kind === kind)?.[1]
  const apiVersion = group === '' ? version : `${group}/${version}`
  const metadata = { name, uid: 'u', ...(namespaced && { namespace: 'default' }) }
  const labels = { labels: { app: 'x' }, annotations: { a: 'b' } }
  return { spec: {}, ...complete, apiVersion, kind, metadata: { ...metadata, ...labels } }
}

/** All that can happen to it. */
function changesOf(resource: Resource, object: KubernetesObject): ObjectChange[] {
  const cause = { id: 'e', correlationId: 'e' }
  const storedAs = (each: KubernetesObject): StoredObject => ({
    ...{ object: each, revision: 1n, position: 2n, changes: 0, last: cause, intent: cause },
  })
  const stream = streamOf(resource, object.metadata.namespace, object.metadata.name)
  const event = { id: 'e', type: 'Changed', stream, revision: 1n, position: 2n }
  const about = { resource, event: { ...event, data: {}, metadata: undefined } }
  const { labels: _, ...metadata } = object.metadata
  const before = storedAs({ ...object, metadata, spec: { replicas: 7 } })
  const dying = { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  return [
    { ...about, type: 'ADDED', stored: storedAs(object) },
    { ...about, type: 'MODIFIED', stored: storedAs(object), before },
    { ...about, type: 'MODIFIED', stored: storedAs({ ...object, metadata: dying }), before },
    { ...about, type: 'DELETED', stored: storedAs(object), before: storedAs(object) },
  ]
}

test('a change of a kind that a controller does not watch gives it no reason to look', async (t) => {
  const { ports } = await startedCluster(t)
  const term = {
    ...{ seconds: new TermSeconds(), graceSeconds: 40 },
    ...{ heartbeats: new Heartbeats(ports), usages: new HeardUsages(ports) },
  }
  const controllers = createControllers(term, {
    ...{ rootCa: 'PEM', tokenKey: createMemoryTokenKey(), edgeNodes: ['x'] },
    clientSigner: { endsMs: 0, sign: async () => undefined },
    wireAccess: { replace: async () => {} },
  })
  const names = ['x', 'default', 'kubernetes', 'cluster-admin', 'reckon', 'kube-root-ca.crt']
  for (const resource of resources) {
    const changes = names.flatMap((name) => changesOf(resource, objectOf(resource, name)))
    for (const { controller, watches } of controllers) {
      if (watches(resource)) continue
      for (const change of changes) {
        const told = `${controller.name} does not watch ${resource.plural}`
        assert.deepEqual(controller.keysOf(change, ports.objects), [], told)
      }
    }
  }
})

test('each controller is asked only once whether it watches a kind', () => {
  const asked: string[] = []
  const watching = (name: string) => ({
    name,
    watches: ({ plural }: Resource) => {
      asked.push(`${name} ${plural}`)
      return plural === name
    },
  })
  const watchers = watchersOf([watching('pods'), watching('nodes')])
  const [pods, nodes] = ['pods', 'nodes'].map((name) => resources.find((r) => r.plural === name))
  assert.ok(pods && nodes)
  for (const resource of [pods, nodes, pods]) {
    assert.deepEqual(
      watchers(resource).map(({ name }) => name),
      [resource.plural],
    )
  }
  assert.deepEqual(asked, ['pods pods', 'nodes pods', 'pods nodes', 'nodes nodes'])
})
