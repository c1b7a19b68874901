import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  deployments,
  events,
  nodes,
  persistentVolumeClaims,
  pods,
  type Resource,
  type Service,
  secrets,
  services,
} from '@reckon/kubernetes'
import { counts, usageOf } from './usage-of.ts'

const ofClass = 'gold.storageclass.storage.k8s.io/requests.storage'

const cases: [resource: Resource, counted: string[], others: string[]][] = [
  [
    pods,
    ['pods', 'count/pods', 'cpu', 'limits.memory', 'hugepages-2Mi', 'requests.example.com/gpu'],
    ['count/services', 'services', 'requests.storage', ofClass, 'example.com/gpu'],
  ],
  [
    persistentVolumeClaims,
    ['persistentvolumeclaims', 'count/persistentvolumeclaims', 'requests.storage', ofClass],
    ['cpu', 'services.nodeports', 'storageclass.storage.k8s.io/requests.storage'],
  ],
  [
    services,
    ['services', 'services.nodeports', 'services.loadbalancers', 'count/services'],
    ['pods', 'requests.storage', ofClass],
  ],
  [configMaps, ['configmaps', 'count/configmaps'], ['secrets', 'services.nodeports', ofClass]],
  [secrets, ['secrets', 'count/secrets'], ['configmaps']],
  [deployments, ['count/deployments.apps'], ['deployments.apps', 'count/deployments', 'pods']],
]
for (const [resource, counted, others] of cases) {
  test(`of ${resource.plural} a quota counts what has to do with them`, () => {
    const names = [...counted, ...others]
    assert.deepEqual(
      names.filter((name) => counts(resource, name)),
      counted,
    )
  })
}

test('nothing counts Events, and what is in no namespace', () => {
  assert.equal(counts(events, 'count/events'), false)
  assert.equal(counts(nodes, 'count/nodes'), false)
})

test('a Service takes a port of each node for each of its ports, unless a balancer needs none', () => {
  const nodePorts = (spec: Service['spec']) => {
    const object = {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'team' } },
      spec: { ports: [{ port: 80 }, { port: 81, nodePort: 30081 }, { port: 82 }], ...spec },
    }
    return usageOf(services, object)['services.nodeports']
  }
  assert.equal(nodePorts({ type: 'ClusterIP' }), undefined)
  assert.equal(nodePorts({ type: 'NodePort', allocateLoadBalancerNodePorts: false }), '3')
  assert.equal(nodePorts({ type: 'LoadBalancer' }), '3')
  assert.equal(nodePorts({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }), '1')
})

test('a claim without a class counts under none', () => {
  const claim = {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } },
    spec: { resources: { requests: { storage: '2Gi' } } },
  }
  assert.deepEqual(usageOf(persistentVolumeClaims, claim), {
    'count/persistentvolumeclaims': '1',
    persistentvolumeclaims: '1',
    'requests.storage': '2Gi',
  })
})
