import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  type KubernetesObject,
  type Pod,
  pods,
  priorityClasses,
  systemPriorityClasses,
} from '@reckon/kubernetes'
import type { OtherObjects } from './admission.ts'
import { having } from './others.fixture.ts'
import { priority } from './priority.ts'
import { serviceAccount } from './service-account.ts'

const ids = { next: () => 'id', below: () => 0 }

const classOf = (name: string, value: number, globalDefault = false) => ({
  ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } },
  ...{ value, globalDefault },
})
const account = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'builder', namespace: 'team' },
  imagePullSecrets: [{ name: 'registry' }],
}

const podOf = (spec: Partial<Pod['spec']>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'team' },
  spec: { containers: [], ...spec },
})

/** A pod as the plugins of both phases make it, in turn. */
function admitted(spec: Partial<Pod['spec']>, others: OtherObjects): Partial<Pod['spec']> {
  const whole = [serviceAccount, priority].reduce<KubernetesObject>(
    (object, plugin) => plugin.mutate({ resource: pods, object }, others, ids),
    podOf(spec),
  )
  for (const plugin of [serviceAccount, priority]) {
    plugin.admit({ resource: pods, object: whole }, others)
  }
  return (whole as Pod).spec
}

test('a pod that names no account runs as default, whether that is made already or not', () => {
  const { serviceAccountName, priority, preemptionPolicy } = admitted({}, having())
  assert.equal(serviceAccountName, 'default')
  assert.deepEqual([priority, preemptionPolicy], [0, 'PreemptLowerPriority'])
})

test('a pod pulls with the credentials of its account, unless it names some', () => {
  const others = having([account])
  const asBuilder = { serviceAccountName: 'builder' }
  assert.deepEqual(admitted(asBuilder, others).imagePullSecrets, [{ name: 'registry' }])
  const own = { ...asBuilder, imagePullSecrets: [{ name: 'own' }] }
  assert.deepEqual(admitted(own, others).imagePullSecrets, [{ name: 'own' }])
})

test('a pod of an account that is not there is refused', () => {
  assert.throws(() => admitted({ serviceAccountName: 'none' }, having([account])), {
    reason: 'Forbidden',
    message:
      'pods "web" is forbidden: error looking up service account team/none: serviceaccount "none" not found',
  })
})

test('a pod has the priority of its class, or of the class that is the default', () => {
  const others = having([classOf('high', 1000), classOf('usual', 10, true)])
  assert.equal(admitted({ priorityClassName: 'high' }, others).priority, 1000)
  const { priority, priorityClassName } = admitted({}, others)
  assert.deepEqual([priority, priorityClassName], [10, 'usual'])
  const system = having([...systemPriorityClasses])
  const critical = admitted({ priorityClassName: 'system-node-critical' }, system)
  assert.equal(critical.priority, 2_000_001_000)
})

test('a class that is not there, and a priority that is not its class’s, are refused', () => {
  assert.throws(() => admitted({ priorityClassName: 'none' }, having()), {
    reason: 'Forbidden',
    message: 'pods "web" is forbidden: no PriorityClass with name none was found',
  })
  assert.throws(() => admitted({ priority: 5 }, having()), {
    message: /the integer value of priority \(5\) must not be provided in pod spec; .* computed 0/,
  })
  assert.throws(() => admitted({ preemptionPolicy: 'Never' }, having()), {
    message: /the string value of PreemptionPolicy \(Never\) must not be provided in pod spec/,
  })
})

test('what was decided when a pod came stays when it changes', () => {
  const before = podOf({ priority: 7, preemptionPolicy: 'Never' })
  const write = { resource: pods, object: podOf({}), before }
  const changed = priority.mutate(write, having(), ids)
  assert.deepEqual((changed as Pod).spec, before.spec)
  const unranked = { ...write, before: podOf({}) }
  assert.deepEqual((priority.mutate(unranked, having(), ids) as Pod).spec, podOf({}).spec)
})

test('a pod may change after its class and its account have gone', () => {
  const before = podOf({ priorityClassName: 'gone', priority: 7, serviceAccountName: 'gone' })
  const write = { resource: pods, object: before, before }
  assert.equal(serviceAccount.mutate(write, having(), ids), before)
  for (const plugin of [serviceAccount, priority]) plugin.admit(write, having())
})

test('what is no pod has neither account nor priority', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'team' } }
  const write = { resource: configMaps, object }
  for (const plugin of [serviceAccount, priority]) {
    assert.equal(plugin.mutate(write, having(), ids), object)
    plugin.admit(write, having())
  }
})

test('one class is the default, and no second one', () => {
  const object = classOf('second', 20, true)
  const write = { resource: priorityClasses, object }
  assert.throws(() => priority.admit(write, having([classOf('first', 10, true)])), {
    message: /PriorityClass first is already marked as default/,
  })
  priority.admit(write, having())
})

const place = '/var/run/secrets/kubernetes.io/serviceaccount'
const container = { name: 'app', image: 'app:1' }

test('each container finds the token of its pod, unless something else is in that place', () => {
  const own = { ...container, name: 'own', volumeMounts: [{ name: 'v', mountPath: place }] }
  const spec = admitted({ containers: [container, own] }, having())
  assert.deepEqual(
    spec.volumes?.map(({ name }) => name),
    ['kube-api-access-bbbbb'],
  )
  const [first, second] = spec.containers ?? []
  assert.deepEqual(first?.volumeMounts, [
    { name: 'kube-api-access-bbbbb', readOnly: true, mountPath: place },
  ])
  assert.deepEqual(second?.volumeMounts, own.volumeMounts)
})

test('a pod or its account may say that it wants no token; the pod has the last word', () => {
  const silent = { ...account, automountServiceAccountToken: false }
  const asBuilder = { serviceAccountName: 'builder', containers: [container] }
  assert.equal(admitted(asBuilder, having([silent])).volumes, undefined)
  const insisting = { ...asBuilder, automountServiceAccountToken: true }
  assert.equal(admitted(insisting, having([silent])).volumes?.length, 1)
  const refusing = { containers: [container], automountServiceAccountToken: false }
  assert.equal(admitted(refusing, having()).volumes, undefined)
})

test('containers that have something else in that place make no token; one beside them does', () => {
  const mounting = (mountPath: string) => ({
    ...container,
    volumeMounts: [{ name: 'v', mountPath }],
  })
  assert.equal(admitted({ containers: [mounting(place)] }, having()).volumes, undefined)
  const { volumes, containers, initContainers } = admitted(
    { containers: [mounting('/data')], initContainers: [container] },
    having(),
  )
  assert.equal(volumes?.length, 1)
  const pathsOf = (some: Pod['spec']['containers'] = []) =>
    some.map(({ volumeMounts }) => volumeMounts?.map(({ mountPath }) => mountPath))
  assert.deepEqual([pathsOf(containers), pathsOf(initContainers)], [[['/data', place]], [[place]]])
})
