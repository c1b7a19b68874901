import assert from 'node:assert/strict'
import test from 'node:test'
import { withDefaults } from './defaults.ts'
import { services } from './kinds/core/services.ts'
import type { KubernetesObject, Pod } from './object.ts'
import { resourceNamed } from './resources.ts'

const defaulted = (id: string, object: Record<string, unknown>) =>
  withDefaults(resourceNamed(id), { metadata: { name: 'x' }, ...object } as KubernetesObject)

const podOf = (spec: Record<string, unknown>) => defaulted('pods', { spec }) as Pod

test('a pod gets what upstream gives it', () => {
  const { spec } = podOf({ containers: [{ name: 'c', image: 'nginx' }] })
  assert.deepEqual(spec, {
    containers: [
      {
        name: 'c',
        image: 'nginx',
        imagePullPolicy: 'Always',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  })
})

test('only an image that may move is pulled always', () => {
  const policies = {
    nginx: 'Always',
    'nginx:latest': 'Always',
    'nginx:1': 'IfNotPresent',
    'localhost:5000/nginx': 'Always',
    'localhost:5000/nginx:1': 'IfNotPresent',
    'nginx@sha256:abc': 'IfNotPresent',
  }
  for (const [image, policy] of Object.entries(policies)) {
    const { spec } = podOf({ containers: [{ name: 'c', image }] })
    assert.equal(spec.containers[0]?.imagePullPolicy, policy, image)
  }
})

test('requests follow limits, probes and volumes are completed', () => {
  const { spec } = podOf({
    containers: [
      {
        name: 'c',
        image: 'a:1',
        resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } },
        livenessProbe: { httpGet: { port: 80 } },
        env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
      },
    ],
    volumes: [
      { name: 'v' },
      { name: 's', secret: { secretName: 's' } },
      { name: 'h', hostPath: { path: '/' } },
    ],
  })
  const [container] = spec.containers
  assert.deepEqual(container?.resources?.requests, { cpu: '500m', memory: '1Gi' })
  assert.deepEqual(container?.livenessProbe, {
    httpGet: { port: 80, path: '/', scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  })
  assert.equal(container?.env?.[0]?.valueFrom?.fieldRef?.apiVersion, 'v1')
  assert.deepEqual(spec.volumes, [
    { name: 'v', emptyDir: {} },
    { name: 's', secret: { secretName: 's', defaultMode: 420 } },
    { name: 'h', hostPath: { path: '/', type: '' } },
  ])
})

test('a Deployment rolls by quarters and a namespace is active', () => {
  const template = { spec: { containers: [{ name: 'c', image: 'a:1' }] } }
  const { spec } = defaulted('deployments.apps', { spec: { template } }) as { spec?: unknown }
  assert.deepEqual(spec, {
    template: { metadata: {}, spec: { ...podTemplateSpec() } },
    replicas: 1,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  })
  const namespace = defaulted('namespaces', {})
  assert.deepEqual(namespace.metadata.labels, { 'kubernetes.io/metadata.name': 'x' })
  assert.deepEqual(namespace.status, { phase: 'Active' })
})

/** In a template neither service links nor requests are filled in: that happens to the pod. */
function podTemplateSpec() {
  const { enableServiceLinks: _only, ...spec } = podOf({
    containers: [{ name: 'c', image: 'a:1' }],
  }).spec
  return spec
}

test('to default twice changes nothing, and the input stays as it was', () => {
  const input = { spec: { clusterIP: 'None', sessionAffinity: 'ClientIP', ports: [{ port: 1 }] } }
  const copy = structuredClone(input)
  const once = defaulted('services', input)
  assert.deepEqual(withDefaults(services, once), once)
  assert.deepEqual(input, copy)
  assert.deepEqual(once.spec, {
    clusterIP: 'None',
    clusterIPs: ['None'],
    type: 'ClusterIP',
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    ports: [{ port: 1, protocol: 'TCP', targetPort: 1 }],
    internalTrafficPolicy: 'Cluster',
    ipFamilyPolicy: 'SingleStack',
    ipFamilies: ['IPv4'],
  })
})
