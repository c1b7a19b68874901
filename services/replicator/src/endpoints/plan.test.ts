import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Endpoints, Pod, Service } from '@reckon/kubernetes'
import { plan, type Step } from './plan.ts'

const service = (spec: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', uid: 's', labels: { team: 'x' } },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
})
const pod = (name: string, { ip = '10.244.0.1', ready = true, deleting = false } = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    uid: name,
    ...(deleting && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  spec: { nodeName: 'a', containers: [{ name: 'c' }] },
  status: { podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})
const created = (steps: readonly Step[]): Endpoints => {
  const [step] = steps
  assert.ok(step?.type === 'CreateEndpoints' && steps.length === 1)
  return step.endpoints
}

test('Endpoints hold the ready pods and the others apart, in the order of their addresses', () => {
  const pods = [
    pod('b', { ip: '10.244.0.2' }),
    pod('a'),
    pod('new', { ready: false }),
    pod('going', { deleting: true }),
  ]
  const made = created(plan(service(), pods, undefined))
  assert.deepEqual(
    made.subsets?.map(({ addresses, notReadyAddresses, ports }) => ({
      addresses: addresses?.map(({ targetRef }) => targetRef?.name),
      notReady: notReadyAddresses?.map(({ targetRef }) => targetRef?.name),
      ports,
    })),
    [{ addresses: ['a', 'b'], notReady: ['new'], ports: [{ port: 8080, protocol: 'TCP' }] }],
  )
  assert.deepEqual(made.metadata.labels, {
    team: 'x',
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
  })
  assert.deepEqual(plan(service(), pods, made), [])
})

test('without pods there are Endpoints without subsets', () => {
  const made = created(plan(service({ clusterIP: 'None' }), [], undefined))
  assert.equal(made.subsets, undefined)
  assert.equal(made.metadata.labels?.['service.kubernetes.io/headless'], '')
})

test('what was made for a Service goes with it; what somebody wrote stays', () => {
  const made = created(plan(service(), [pod('a')], undefined))
  assert.deepEqual(plan(undefined, [], made), [{ type: 'DeleteEndpoints', current: made }])
  const own: Endpoints = { ...made, metadata: { name: 'web', namespace: 'shop' } }
  assert.deepEqual(plan(undefined, [], own), [])
  assert.deepEqual(plan(service({ selector: undefined }), [], own), [])
})

test('more than a thousand are cut off, the ready ones first, and an annotation says so', () => {
  const pods = Array.from({ length: 1001 }, (_, n) =>
    pod(`p${n}`, { ip: `10.244.${n >> 8}.${n & 255}`, ready: n > 0 }),
  )
  const made = created(plan(service(), pods, undefined))
  assert.equal(made.subsets?.[0]?.addresses?.length, 1000)
  assert.equal(made.subsets?.[0]?.notReadyAddresses, undefined)
  const annotation = 'endpoints.kubernetes.io/over-capacity'
  assert.equal(made.metadata.annotations?.[annotation], 'truncated')
  const [step] = plan(service(), pods.slice(1), made)
  assert.ok(step?.type === 'UpdateEndpoints')
  assert.equal(step.wanted.metadata.annotations, undefined)
})
