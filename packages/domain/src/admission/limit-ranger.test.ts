import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Container,
  configMaps,
  type LimitRange,
  type LimitRangeItem,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  pods,
} from '@reckon/kubernetes'
import { limitRanger } from './limit-ranger.ts'
import { having } from './others.fixture.ts'

const ids = { next: () => 'id', below: () => 0 }

const rangeOf = (...limits: LimitRangeItem[]): LimitRange => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits', namespace: 'team' },
  spec: { limits },
})
const limiting = (...limits: LimitRangeItem[]) => having([rangeOf(...limits)])

const podOf = (containers: Container[], initContainers?: Container[], namespace = 'team'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace },
  spec: { containers, ...(initContainers && { initContainers }) },
})
const asking = (requests: Record<string, string>, limits: Record<string, string>): Container => ({
  name: 'c',
  resources: { requests, limits },
})

/** Given a LimitRange, when such a pod is made, then it becomes this, or is refused. */
const given = (...limits: LimitRangeItem[]) => ({
  when: (pod: Pod) => ({
    thenIs: () => limitRanger.mutate({ resource: pods, object: pod }, limiting(...limits), ids),
    thenRefused: (message: string) =>
      assert.throws(() => limitRanger.admit({ resource: pods, object: pod }, limiting(...limits)), {
        reason: 'Forbidden',
        message: `pods "web" is forbidden: ${message}`,
      }),
    thenAdmitted: () => limitRanger.admit({ resource: pods, object: pod }, limiting(...limits)),
  }),
})

const defaults: LimitRangeItem = {
  type: 'Container',
  default: { cpu: '500m', memory: '512Mi' },
  defaultRequest: { cpu: '100m' },
}

test('containers get the defaults of what they do not ask for, and an annotation says so', () => {
  const pod = podOf([{ name: 'c', resources: { limits: { cpu: '1' } } }], [{ name: 'i' }])
  const made = given(defaults).when(pod).thenIs() as Pod
  assert.deepEqual(made.spec.containers[0]?.resources, {
    limits: { cpu: '1', memory: '512Mi' },
    requests: { cpu: '100m' },
  })
  assert.deepEqual(made.spec.initContainers?.[0]?.resources?.limits, defaults.default)
  assert.equal(
    made.metadata.annotations?.['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: cpu request for container c; memory limit for container c; cpu request for init container i; cpu, memory limit for init container i',
  )
})

test('a pod elsewhere, a change of one, and what is no pod stay as they are', () => {
  const pod = podOf([{ name: 'c' }], undefined, 'other')
  assert.equal(given(defaults).when(pod).thenIs(), pod)
  const before = podOf([{ name: 'c' }])
  const others = limiting(defaults)
  assert.equal(limitRanger.mutate({ resource: pods, object: before, before }, others, ids), before)
})

test('a container below the minimum or above the maximum is refused', () => {
  const range: LimitRangeItem = { type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } }
  given(range)
    .when(podOf([asking({ cpu: '50m' }, { cpu: '1' })]))
    .thenRefused('minimum cpu usage per Container is 100m, but request is 50m')
  given(range)
    .when(podOf([asking({ cpu: '200m' }, { cpu: '2' })]))
    .thenRefused('maximum cpu usage per Container is 1, but limit is 2')
  given(range)
    .when(podOf([{ name: 'c' }]))
    .thenRefused(
      '[minimum cpu usage per Container is 100m.  No request is specified, maximum cpu usage per Container is 1.  No limit is specified]',
    )
  given(range)
    .when(podOf([asking({ cpu: '200m' }, { cpu: '1' })]))
    .thenAdmitted()
})

test('a limit may be so many times the request only', () => {
  const range: LimitRangeItem = { type: 'Container', maxLimitRequestRatio: { memory: '2' } }
  given(range)
    .when(podOf([asking({ memory: '100Mi' }, { memory: '300Mi' })]))
    .thenRefused(
      'memory max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    )
  given(range)
    .when(podOf([asking({ memory: '100Mi' }, { memory: '200Mi' })]))
    .thenAdmitted()
})

test('a pod counts with all its containers, or its greediest init container', () => {
  const range: LimitRangeItem = { type: 'Pod', max: { memory: '1Gi' } }
  const half = asking({ memory: '512Mi' }, { memory: '512Mi' })
  given(range)
    .when(podOf([half, { ...half, name: 'd' }]))
    .thenAdmitted()
  given(range)
    .when(podOf([half, half, half]))
    .thenRefused('maximum memory usage per Pod is 1Gi, but limit is 1536Mi')
  given(range)
    .when(podOf([half], [asking({}, { memory: '2Gi' })]))
    .thenRefused('maximum memory usage per Pod is 1Gi, but limit is 2Gi')
})

test('a claim asks for no less and no more than it may, when it is made and when it grows', () => {
  const limits = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } }
  const claim = (storage: string): PersistentVolumeClaim => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name: 'data', namespace: 'team' },
    spec: { resources: { requests: { storage } } },
  })
  const admit = (object: PersistentVolumeClaim, before?: PersistentVolumeClaim) =>
    limitRanger.admit(
      { resource: persistentVolumeClaims, object, ...(before && { before }) },
      limiting(limits),
    )
  const refusal = (why: string) => ({
    reason: 'Forbidden',
    message: `persistentvolumeclaims "data" is forbidden: ${why}`,
  })
  const above = 'maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi'
  const below = 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi'
  assert.throws(() => admit(claim('3Gi')), refusal(above))
  assert.throws(() => admit(claim('500Mi')), refusal(below))
  admit(claim('2Gi'))
  assert.throws(() => admit(claim('3Gi'), claim('2Gi')), refusal(above))
  const unsaid = claim('2Gi')
  assert.throws(
    () => admit({ ...unsaid, spec: {} }),
    /minimum storage .*No request is specified, maximum storage .*No request is specified\]$/,
  )
  // What it has already is nobody's business any more.
  admit(claim('3Gi'), claim('3Gi'))
})

test('what a pod says itself is kept, and where it lacks nothing nothing is said of it', () => {
  const whole = podOf([asking({ cpu: '1' }, { cpu: '1', memory: '1Gi' })])
  assert.equal(given(defaults).when(whole).thenIs(), whole)
  const asks = podOf([{ name: 'c', resources: { requests: { cpu: '1' } } }])
  const made = given(defaults).when(asks).thenIs() as Pod
  assert.equal(
    made.metadata.annotations?.['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: cpu, memory limit for container c',
  )
  const requestsOnly = { type: 'Container', defaultRequest: { cpu: '100m' } }
  const [container] = (
    given(requestsOnly)
      .when(podOf([{ name: 'c' }]))
      .thenIs() as Pod
  ).spec.containers
  assert.deepEqual(container?.resources, { requests: { cpu: '100m' } })
})

test('each kind of limit is of its own things: containers, pods or claims', () => {
  const small = { min: { cpu: '100m' }, max: { cpu: '1' }, default: { cpu: '500m' } }
  const pod = podOf([asking({ cpu: '1' }, { cpu: '1' }), asking({ cpu: '1' }, { cpu: '1' })])
  given({ type: 'Container', ...small })
    .when(pod)
    .thenAdmitted()
  const ofClaims = { type: 'PersistentVolumeClaim', ...small }
  const bare = podOf([{ name: 'c' }])
  given(ofClaims).when(bare).thenAdmitted()
  assert.equal(given(ofClaims).when(bare).thenIs(), bare)
  const claim = {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
    metadata: { name: 'data', namespace: 'team' },
    spec: { resources: { requests: { storage: '1Gi' } } },
  }
  const others = limiting({ type: 'Container', ...small })
  limitRanger.admit({ resource: persistentVolumeClaims, object: claim }, others)
  const object = { ...claim, kind: 'ConfigMap', spec: undefined }
  limitRanger.admit({ resource: configMaps, object }, limiting(ofClaims))
})

test('what is exactly as much as is allowed is allowed', () => {
  const range = { type: 'Container', min: { cpu: '1' }, max: { cpu: '1' } }
  given(range)
    .when(podOf([asking({ cpu: '1' }, { cpu: '1' })]))
    .thenAdmitted()
})

test('a maximum asks for a limit, and for no request', () =>
  given({ type: 'Container', max: { cpu: '1' } })
    .when(podOf([asking({}, { cpu: '1' })]))
    .thenAdmitted())

test('of a pod both sums are judged, though only some of its containers have limits', () => {
  const pod = podOf([asking({ cpu: '1' }, {}), asking({ cpu: '100m' }, { cpu: '100m' })])
  given({ type: 'Pod', min: { cpu: '500m' } })
    .when(pod)
    .thenRefused('minimum cpu usage per Pod is 500m, but limit is 100m')
  given({ type: 'Pod', max: { cpu: '500m' } })
    .when(pod)
    .thenRefused('maximum cpu usage per Pod is 500m, but request is 1100m')
  given({ type: 'Pod', min: { cpu: '100m' }, max: { cpu: '1100m' } })
    .when(pod)
    .thenAdmitted()
})

test('a ratio needs a request and a limit, neither of them 0', () => {
  const range = { type: 'Container', maxLimitRequestRatio: { cpu: '2' } }
  const refusedFor = (what: string) =>
    `cpu max limit to request ratio per Container is 2, but no ${what} is specified or ${what} is 0`
  for (const requests of [{}, { cpu: '0' }]) {
    given(range)
      .when(podOf([asking(requests, { cpu: '1' })]))
      .thenRefused(refusedFor('request'))
  }
  for (const limits of [{}, { cpu: '0' }]) {
    given(range)
      .when(podOf([asking({ cpu: '1' }, limits)]))
      .thenRefused(refusedFor('limit'))
  }
})
