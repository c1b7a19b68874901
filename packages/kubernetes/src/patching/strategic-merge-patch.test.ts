import assert from 'node:assert/strict'
import test from 'node:test'
import { deployments } from '../kinds/apps/deployments.ts'
import { nodes } from '../kinds/core/nodes.ts'
import { services } from '../kinds/core/services.ts'
import type { Deployment, KubernetesObject, Node, Service } from '../object.ts'
import { isRefusal } from '../status-error.ts'
import { applyStrategicMergePatch } from './strategic-merge-patch.ts'

const containers = [
  { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
  { name: 'b', image: 'b:1' },
]
const before = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', finalizers: ['x', 'y'] },
  spec: {
    selector: {},
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template: { spec: { containers, volumes: [{ name: 'v', emptyDir: {} }] } },
  },
} satisfies Deployment

const patched = (patch: unknown) =>
  applyStrategicMergePatch(deployments, before, patch) as Deployment
const patchedPodSpec = (spec: unknown) =>
  patched({ spec: { template: { spec } } }).spec.template.spec

test('lists merge by their keys, and what the patch does not name stays', () => {
  const spec = patchedPodSpec({ containers: [{ name: 'b', image: 'b:2' }] })
  assert.deepEqual(spec?.containers, [containers[0], { name: 'b', image: 'b:2' }])
  assert.equal(before.spec.template.spec.containers[1]?.image, 'b:1')
})

test('the order of a list is the one that the patch gives', () => {
  const spec = patchedPodSpec({
    '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
    containers: [{ name: 'c', image: 'c:1' }],
  })
  assert.deepEqual(
    spec?.containers.map(({ name }) => name),
    ['c', 'b', 'a'],
  )
  const reordered = patchedPodSpec({
    '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
  })
  assert.deepEqual(
    reordered?.containers.map(({ name }) => name),
    ['b', 'a'],
  )
})

test('what only the server knows stays before what followed it, and else comes last', () => {
  const patch = { '$setElementOrder/containers': [{ name: 'n' }, { name: 'b' }] }
  const containers = [{ name: 'n', image: 'n:1' }]
  const spec = patchedPodSpec({ ...patch, containers })
  assert.deepEqual(
    spec?.containers.map(({ name }) => name),
    ['n', 'a', 'b'],
  )
})

test('an element is deleted, and a list replaced, by directive', () => {
  const deleted = patchedPodSpec({ containers: [{ name: 'a', $patch: 'delete' }] })
  assert.deepEqual(deleted?.containers, [containers[1]])
  const replaced = patchedPodSpec({
    containers: [{ name: 'z', image: 'z' }, { $patch: 'replace' }],
  })
  assert.deepEqual(replaced?.containers, [{ name: 'z', image: 'z' }])
})

test('only the retained keys of a union stay', () => {
  const { spec } = patched({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } })
  assert.deepEqual(spec.strategy, { type: 'Recreate' })
  const cleared = { $retainKeys: ['type'], rollingUpdate: null, type: 'Recreate' }
  assert.deepEqual(patched({ spec: { strategy: cleared } }).spec.strategy, { type: 'Recreate' })
  const volumes = patchedPodSpec({
    volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }],
  })?.volumes
  assert.deepEqual(volumes, [{ name: 'v', configMap: { name: 'c' } }])
})

test('lists of plain values merge as sets and lose what is deleted from them', () => {
  assert.deepEqual(patched({ metadata: { finalizers: ['y', 'z'] } }).metadata.finalizers, [
    'x',
    'y',
    'z',
  ])
  const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['x'] } }
  assert.deepEqual(patched(patch).metadata.finalizers, ['y'])
})

test('null removes a field, also where a map is new', () => {
  assert.equal(patched({ spec: { strategy: null } }).spec.strategy, undefined)
  const { labels } = patched({ metadata: { labels: { a: '1', b: null } } }).metadata
  assert.deepEqual(labels, { a: '1' })
})

test('each kind and version merges by its own keys', () => {
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { ports: [{ port: 80, nodePort: 30080 }, { port: 443 }] },
  }
  const ports = [{ port: 80, name: 'http' }]
  const merged = applyStrategicMergePatch(services, service, { spec: { ports } }) as Service
  assert.deepEqual(merged.spec.ports, [{ port: 80, nodePort: 30080, name: 'http' }, { port: 443 }])
  const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: {} }
  const taints = [{ key: 'k', effect: 'NoSchedule' }]
  const tainted = applyStrategicMergePatch(nodes, node, { spec: { taints } }) as Node
  assert.deepEqual(tainted.spec.taints, taints)
  const old = { ...before, apiVersion: 'extensions/v1beta1' } as KubernetesObject
  const patch = { spec: { template: { spec: { containers: [{ name: 'b', image: 'b:3' }] } } } }
  const result = applyStrategicMergePatch(deployments, old, patch) as Deployment
  assert.equal(result.spec.template.spec?.containers.length, 2)
})

test('a patch that makes no sense is refused with 400', () => {
  const strange = [
    [],
    { spec: { template: { spec: { containers: [{ image: 'no name' }] } } } },
    { metadata: { $patch: 'explode' } },
    { spec: { strategy: { $retainKeys: ['type'], rollingUpdate: {} } } },
  ]
  for (const patch of strange) {
    assert.throws(
      () => patched(patch),
      (error) => isRefusal(error, 'BadRequest'),
    )
  }
})
