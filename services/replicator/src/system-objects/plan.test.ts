import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings } from '@reckon/domain'
import { encodeListening } from '@reckon/eventing/bus'
import { createMemoryBus } from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import { HeardApis } from './heard-apis.ts'
import { plan } from './plan.ts'
import { systemObjects } from './system-objects.ts'

const [one, two] = ['192.0.2.1', '192.0.2.2'].map((address) => ({ address, port: 6443 }))
assert.ok(one && two)
const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`

test('what every cluster has is made; nobody is led to an api that is not known', () => {
  const made = plan(systemObjects(defaultSettings, []), () => undefined).map(({ wanted }) =>
    nameOf(wanted),
  )
  assert.deepEqual(made, [
    'Namespace default',
    'Namespace kube-system',
    'Namespace kube-public',
    'Namespace kube-node-lease',
    'IngressClass reckon',
    'StorageClass local-path',
    'Service kube-dns',
    'EndpointSlice kube-dns',
  ])
})

test('the Service kubernetes leads to each address at which an api listens', () => {
  const before = systemObjects(defaultSettings, [one])
  const find = (wanted: KubernetesObject) => before.find((each) => nameOf(each) === nameOf(wanted))
  assert.deepEqual(plan(before, find), [])
  const steps = plan(systemObjects(defaultSettings, [one, two]), find)
  assert.deepEqual(
    steps.map(({ type, wanted }) => `${type} ${nameOf(wanted)}`),
    ['Update Endpoints kubernetes', 'Update EndpointSlice kubernetes'],
  )
  assert.deepEqual(steps[0]?.wanted.subsets, [
    {
      addresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }],
      ports: [{ name: 'https', protocol: 'TCP', port: 6443 }],
    },
  ])
})

test('what somebody else has changed of them is his', () => {
  const before = systemObjects(defaultSettings, [one])
  const find = (wanted: KubernetesObject) => {
    const current = before.find((each) => nameOf(each) === nameOf(wanted))
    return current && { ...current, metadata: { ...current.metadata, annotations: {} } }
  }
  assert.deepEqual(plan(before, find), [])
})

test('an api that falls silent is led to no more; a wire that was away makes nobody silent', async () => {
  const heard = new HeardApis()
  const bus = createMemoryBus()
  heard.listen(bus)
  const say = async (data: Uint8Array) => {
    bus.publish('apis.listening', data)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await say(encodeListening(one))
  await say(new TextEncoder().encode('{"address":"nobody","port":1}'))
  assert.deepEqual(heard.living([two], 2), [one, two])
  heard.silence.echoed()
  heard.silence.echoed()
  await say(encodeListening(one))
  assert.deepEqual(heard.living([two], 2), [one])
  heard.silence.echoed()
  heard.silence.interrupted()
  heard.silence.echoed()
  assert.deepEqual(heard.living([two], 2), [one, two])
})

test('an api that left is not led to again when the wire was away', async () => {
  const heard = new HeardApis()
  const bus = createMemoryBus()
  heard.listen(bus)
  bus.publish('apis.listening', encodeListening(two))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(heard.living([], 2), [two])
  heard.silence.echoed()
  heard.silence.echoed()
  assert.deepEqual(heard.living([], 2), [])
  heard.silence.interrupted()
  assert.deepEqual(heard.living([], 2), [])
})
