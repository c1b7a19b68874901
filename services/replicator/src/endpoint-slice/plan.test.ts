import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndpointSlice, Pod, Service } from '@reckon/kubernetes'
import { plan, type Step } from './plan.ts'

const service = (spec: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', uid: 's', labels: { team: 'x' } },
  spec: {
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    ...spec,
  },
})

type PodOptions = {
  port?: number
  ready?: boolean
  deleting?: boolean
  ip?: string
  phase?: string
}

const pod = (name: string, options: PodOptions = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    labels: { app: 'web' },
    ...(options.deleting && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  spec: {
    nodeName: 'a',
    hostname: name,
    subdomain: 'web',
    containers: [{ name: 'c', ports: [{ name: 'http', containerPort: options.port ?? 8080 }] }],
  },
  status: {
    phase: options.phase ?? 'Running',
    podIP: options.ip ?? `10.244.0.${name.length}`,
    conditions: [{ type: 'Ready', status: options.ready === false ? 'False' : 'True' }],
  },
})

/** The slices as they are after the plan is carried out. */
const after = (steps: readonly Step[], slices: readonly EndpointSlice[] = []) => {
  const gone = steps.flatMap((step) =>
    step.type === 'DeleteSlice' || step.type === 'UpdateSlice' ? [step.slice] : [],
  )
  const made = steps.flatMap((step) =>
    step.type === 'CreateSlice' ? [step.slice] : step.type === 'UpdateSlice' ? [step.wanted] : [],
  )
  return [...slices.filter((slice) => !gone.includes(slice)), ...made]
}
const only = (slices: readonly EndpointSlice[]) => {
  assert.equal(slices.length, 1)
  return slices[0] as EndpointSlice
}

test('an endpoint shows address, node, pod, and its port by name', () => {
  const slice = only(after(plan(service(), [pod('one')], [])))
  assert.deepEqual(slice.endpoints, [
    {
      addresses: ['10.244.0.3'],
      conditions: { ready: true, serving: true, terminating: false },
      hostname: 'one',
      nodeName: 'a',
      targetRef: { kind: 'Pod', namespace: 'default', name: 'one', uid: 'one' },
    },
  ])
  assert.deepEqual(slice.ports, [{ name: 'http', protocol: 'TCP', port: 8080 }])
  assert.deepEqual(slice.metadata.labels, {
    team: 'x',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': 'web',
  })
  assert.equal(slice.metadata.ownerReferences?.[0]?.uid, 's')
})

test('the second plan has nothing to do', () => {
  const slices = after(plan(service(), [pod('one')], []))
  assert.deepEqual(plan(service(), [pod('one')], slices), [])
})

test('unready and terminating pods are listed as such, ended ones and those without an address are not', () => {
  const pods = [
    pod('unready', { ready: false }),
    pod('going', { deleting: true }),
    pod('ended', { phase: 'Succeeded' }),
    pod('new', { ip: '' }),
  ]
  const slice = only(after(plan(service(), pods, [])))
  assert.deepEqual(
    slice.endpoints?.map(({ targetRef, conditions }) => [targetRef?.name, conditions]),
    [
      ['unready', { ready: false, serving: false, terminating: false }],
      ['going', { ready: false, serving: true, terminating: true }],
    ],
  )
})

test('a pod whose recorded address is none does not hold up the others', () => {
  const pods = [pod('one'), pod('forged', { ip: '10.244.2.9/24' })]
  const slice = only(after(plan(service(), pods, [])))
  assert.deepEqual(
    slice.endpoints?.map(({ addresses }) => addresses),
    [['10.244.0.3']],
  )
})

test('publishNotReadyAddresses makes every address ready', () => {
  const slice = only(
    after(plan(service({ publishNotReadyAddresses: true }), [pod('x', { ready: false })], [])),
  )
  assert.equal(slice.endpoints?.[0]?.conditions?.ready, true)
})

test('pods that serve the named port under different numbers go into different slices', () => {
  const slices = after(plan(service(), [pod('one'), pod('two', { port: 9090 })], []))
  assert.deepEqual(
    slices.map(({ ports }) => ports?.[0]?.port),
    [8080, 9090],
  )
  assert.equal(new Set(slices.map(({ metadata }) => metadata.name)).size, 2)
})

test('a slice holds a hundred; who is in one stays there', () => {
  const pods = Array.from({ length: 150 }, (_, n) => pod(`p${n}`, { ip: `10.244.1.${n}` }))
  const slices = after(plan(service(), pods, []))
  assert.deepEqual(
    slices.map(({ endpoints }) => endpoints?.length),
    [100, 50],
  )
  const steps = plan(service(), pods.slice(1), slices)
  assert.equal(steps.length, 1)
  assert.ok(steps[0]?.type === 'UpdateSlice' && steps[0].wanted.endpoints?.length === 99)
})

test('without pods one empty slice is kept under its name, and filled again', () => {
  const empty = only(after(plan(service(), [], [])))
  assert.deepEqual(empty.endpoints, [])
  const filled = only(after(plan(service(), [pod('one')], [empty]), [empty]))
  assert.equal(filled.metadata.name, empty.metadata.name)
  const emptied = only(after(plan(service(), [], [filled]), [filled]))
  assert.equal(emptied.metadata.name, empty.metadata.name)
  assert.deepEqual(emptied.endpoints, [])
})

test('a headless Service is marked as one', () => {
  const slice = only(after(plan(service({ clusterIP: 'None' }), [pod('one')], [])))
  assert.equal(slice.metadata.labels?.['service.kubernetes.io/headless'], '')
})
