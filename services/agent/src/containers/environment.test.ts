import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, Pod, Service } from '@reckon/kubernetes'
import { type EnvironmentSources, environmentOf } from './environment.ts'

const redis = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'redis-master', namespace: 'default' },
  spec: { clusterIP: '10.96.0.7', ports: [{ port: 6379, protocol: 'TCP' }] },
} as Service
const sources: EnvironmentSources = {
  services: [redis],
  configMap: (_namespace, name) =>
    name === 'settings'
      ? {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name },
          data: { COLOUR: 'blue', SIZE: 'small' },
        }
      : undefined,
  secret: (_namespace, name) =>
    name === 'db'
      ? {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name },
          data: { PASSWORD: Buffer.from('schön').toString('base64') },
        }
      : undefined,
  addresses: { podIP: '10.244.1.2', hostIP: '192.0.2.1' },
  allocatable: { cpu: '2', memory: '4Gi' },
}

test('a container finds the Services of its namespace', () => {
  const env = environment({})
  assert.equal(env.REDIS_MASTER_SERVICE_HOST, '10.96.0.7')
  assert.equal(env.REDIS_MASTER_PORT, 'tcp://10.96.0.7:6379')
  assert.deepEqual(environment({}, { enableServiceLinks: false }), {})
  assert.deepEqual(environment({}, {}, 'elsewhere'), {})
})

test('a variable refers to those before it, and an unknown name stays', () => {
  const env = environment({
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '$(A)-$(REDIS_MASTER_SERVICE_HOST)-$(NONE)-$$(A)' },
    ],
  })
  assert.equal(env.B, '1-10.96.0.7-$(NONE)-$(A)')
})

test('a Secret is read as text; what it lacks refuses, unless it is optional', () => {
  const env = environment({
    envFrom: [{ secretRef: { name: 'db' } }, { secretRef: { name: 'none', optional: true } }],
    env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'PASSWORD' } } }],
  })
  assert.deepEqual([env.PASSWORD, env.P], ['schön', 'schön'])
  const refused = (name: string, key: string) => () =>
    environment({ env: [{ name: 'P', valueFrom: { secretKeyRef: { name, key } } }] })
  assert.throws(refused('none', 'K'), /secret "none" not found/)
  assert.throws(refused('db', 'toString'), /couldn't find key toString/)
  assert.throws(refused('db', 'K'), /couldn't find key K in Secret default\/db/)
})

test('what env says goes before what envFrom brings', () => {
  const env = environment({
    envFrom: [{ prefix: 'P_', configMapRef: { name: 'settings' } }],
    env: [{ name: 'P_SIZE', value: 'large' }],
  })
  assert.deepEqual([env.P_COLOUR, env.P_SIZE], ['blue', 'large'])
})

test('a variable takes fields of its pod and resources of its container', () => {
  const taken = (valueFrom: object) => environment({ env: [{ name: 'V', valueFrom }] }).V
  assert.equal(taken({ fieldRef: { fieldPath: 'metadata.name' } }), 'web')
  assert.equal(taken({ fieldRef: { fieldPath: "metadata.labels['app']" } }), 'shop')
  assert.equal(taken({ fieldRef: { fieldPath: 'status.podIP' } }), '10.244.1.2')
  assert.equal(taken({ resourceFieldRef: { resource: 'limits.cpu' } }), '2')
  assert.equal(taken({ resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } }), '4096')
  const other = { resource: 'limits.cpu', containerName: 'other' }
  const resources = { limits: { cpu: '7' } }
  const env = [{ name: 'V', valueFrom: { resourceFieldRef: other } }]
  assert.equal(environment({ env }, { containers: [{ name: 'other', resources }] }).V, '7')
})

test('what is not there is refused, unless it is optional', () => {
  const key = (name: string, more: object) => ({
    env: [{ name: 'V', valueFrom: { configMapKeyRef: { name, key: 'SHAPE', ...more } } }],
  })
  assert.throws(() => environment(key('other', {})), { message: 'configmap "other" not found' })
  assert.throws(() => environment(key('settings', {})), {
    message: "couldn't find key SHAPE in ConfigMap default/settings",
  })
  assert.equal(environment(key('settings', { optional: true })).V, undefined)
})

function environment(
  container: Partial<Container>,
  spec: Partial<Pod['spec']> = {},
  namespace = 'default',
): Record<string, string> {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace, labels: { app: 'shop' } },
    spec: { containers: [], ...spec },
  }
  return environmentOf(pod, { name: 'web', ...container }, sources)
}
