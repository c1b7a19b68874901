import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  deployments,
  type KubernetesObject,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  pods,
  type ResourceQuota,
  type Service,
  services,
} from '@reckon/kubernetes'
import { countedBy, unsaid } from './counted-by.ts'

type QuotaSpec = ResourceQuota['spec']

const quotaOf = (hard: Record<string, string>, spec: QuotaSpec = {}): ResourceQuota => ({
  ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace: 'team' } },
  spec: { hard, ...spec },
})
const podOf = (spec: Partial<Pod['spec']> = {}, status = {}): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'team' } },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  status,
})
const asking = (requests: Record<string, string>, limits: Record<string, string> = {}) =>
  podOf({ containers: [{ name: 'c', image: 'i', resources: { requests, limits } }] })

const all = (...names: readonly string[]) =>
  quotaOf(Object.fromEntries(names.map((name) => [name, '9'])))

test('a pod counts with all that it asks for, each under its names', () => {
  const quota = all(
    ...['pods', 'count/pods', 'cpu', 'requests.cpu', 'limits.cpu', 'requests.memory'],
    ...['requests.example.com/gpu', 'hugepages-2Mi', 'requests.storage', 'services'],
  )
  const requests = { cpu: '500m', 'example.com/gpu': '1', 'hugepages-2Mi': '4Mi' }
  assert.deepEqual(countedBy(quota, pods, asking(requests, { cpu: '1' })), {
    pods: '1',
    'count/pods': '1',
    cpu: '500m',
    'requests.cpu': '500m',
    'limits.cpu': '1',
    'requests.example.com/gpu': '1',
    'hugepages-2Mi': '4Mi',
  })
})

test('a pod that has ended is one still, and asks for nothing', () => {
  const quota = all('pods', 'count/pods', 'cpu')
  const ended = { ...asking({ cpu: '1' }), status: { phase: 'Succeeded' } }
  assert.deepEqual(countedBy(quota, pods, ended), { 'count/pods': '1' })
})

test('Services count with their node ports and balancers, everything else by number', () => {
  const quota = all('services', 'services.nodeports', 'services.loadbalancers')
  const service = (spec: Service['spec']): Service => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'team' } },
    spec: { ports: [{ port: 80 }, { port: 81, nodePort: 30081 }], ...spec },
  })
  const counted = (spec: Service['spec']) => countedBy(quota, services, service(spec))
  assert.deepEqual(counted({ type: 'ClusterIP' }), { services: '1' })
  assert.deepEqual(counted({ type: 'NodePort' }), { services: '1', 'services.nodeports': '2' })
  assert.deepEqual(counted({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }), {
    services: '1',
    'services.nodeports': '1',
    'services.loadbalancers': '1',
  })
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  const named = all('configmaps', 'count/deployments.apps')
  assert.deepEqual(countedBy(named, configMaps, object), { configmaps: '1' })
  const deployment: KubernetesObject = { ...object, apiVersion: 'apps/v1', kind: 'Deployment' }
  assert.deepEqual(countedBy(named, deployments, deployment), { 'count/deployments.apps': '1' })
})

test('claims count by number and by what they ask for, of all classes and of their own', () => {
  const gold = 'gold.storageclass.storage.k8s.io'
  const quota = all(
    ...['persistentvolumeclaims', 'count/persistentvolumeclaims', 'requests.storage'],
    ...[`${gold}/requests.storage`, `${gold}/persistentvolumeclaims`],
    ...['silver.storageclass.storage.k8s.io/requests.storage', 'cpu'],
  )
  const claim = (storageClassName?: string): PersistentVolumeClaim => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name: 'data', namespace: 'team' },
    spec: {
      ...(storageClassName && { storageClassName }),
      resources: { requests: { storage: '2Gi' } },
    },
  })
  const ofAny = {
    persistentvolumeclaims: '1',
    'count/persistentvolumeclaims': '1',
    'requests.storage': '2Gi',
  }
  assert.deepEqual(countedBy(quota, persistentVolumeClaims, claim()), ofAny)
  assert.deepEqual(countedBy(quota, persistentVolumeClaims, claim('gold')), {
    ...ofAny,
    [`${gold}/requests.storage`]: '2Gi',
    [`${gold}/persistentvolumeclaims`]: '1',
  })
})

test('scopes say which pods a quota is about, and no other kinds', () => {
  const isCounted = (pod: Pod, spec: QuotaSpec) =>
    Object.hasOwn(countedBy(quotaOf({ pods: '1' }, spec), pods, pod), 'pods')
  const having = (...scopes: string[]): QuotaSpec => ({ scopes })
  const ending = podOf({ activeDeadlineSeconds: 5 })
  assert.deepEqual(
    [isCounted(ending, having('Terminating')), isCounted(ending, having('NotTerminating'))],
    [true, false],
  )
  const eager = asking({ cpu: '1' })
  assert.deepEqual(
    [isCounted(eager, having('Terminating')), isCounted(eager, having('NotTerminating'))],
    [false, true],
  )
  assert.deepEqual(
    [isCounted(eager, having('BestEffort')), isCounted(eager, having('NotBestEffort'))],
    [false, true],
  )
  assert.deepEqual(
    [isCounted(podOf(), having('BestEffort')), isCounted(podOf(), having('NotBestEffort'))],
    [true, false],
  )
  assert.equal(isCounted(eager, having('OfTomorrow')), false)
  const isAcross = (far: object) => {
    const term = { topologyKey: 'zone', labelSelector: {}, ...far }
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] }
    const pod = podOf({ affinity: { podAffinity: required } })
    return isCounted(pod, having('CrossNamespacePodAffinity'))
  }
  assert.deepEqual(
    [isAcross({ namespaces: ['other'] }), isAcross({ namespaceSelector: {} }), isAcross({})],
    [true, true, false],
  )
  assert.equal(isCounted(eager, having('CrossNamespacePodAffinity')), false)
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } }
  assert.deepEqual(
    countedBy(quotaOf({ services: '1' }, having('BestEffort')), services, object),
    {},
  )
})

test('a quota may be about pods of some priority classes', () => {
  const isCounted = (
    priorityClassName: string | undefined,
    operator: string,
    values?: string[],
  ) => {
    const expression = { scopeName: 'PriorityClass', operator, ...(values && { values }) }
    const quota = quotaOf({ pods: '1' }, { scopeSelector: { matchExpressions: [expression] } })
    const pod = podOf(priorityClassName ? { priorityClassName } : {})
    return Object.hasOwn(countedBy(quota, pods, pod), 'pods')
  }
  assert.deepEqual(
    ['high', 'low', undefined].map((name) => [
      isCounted(name, 'In', ['high']),
      isCounted(name, 'NotIn', ['high']),
      isCounted(name, 'Exists'),
      isCounted(name, 'DoesNotExist'),
    ]),
    [
      [true, false, true, false],
      [false, true, true, false],
      [false, true, false, true],
    ],
  )
})

test('where a quota bounds what containers ask for, each has to say it', () => {
  const two = podOf({
    containers: [{ name: 'b' }, { name: 'a', resources: { limits: { cpu: '1' } } }],
    initContainers: [{ name: 'i' }],
  })
  assert.equal(
    unsaid(all('limits.cpu', 'memory', 'pods'), two),
    'limits.cpu for: b,i; memory for: a,b,i',
  )
  assert.equal(unsaid(all('requests.cpu'), two), 'requests.cpu for: a,b,i')
  assert.equal(unsaid(all('pods', 'requests.ephemeral-storage'), two), '')
  assert.equal(unsaid(all('cpu', 'limits.cpu'), asking({ cpu: '1' }, { cpu: '1' })), '')
})

test('nobody has to say it for a quota of other pods, and what is no pod says nothing', () => {
  const ofOthers = quotaOf({ 'limits.cpu': '9' }, { scopes: ['Terminating'] })
  assert.equal(unsaid(ofOthers, podOf()), '')
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  assert.equal(unsaid(all('limits.cpu'), object), '')
})
