import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Service, services } from '@reckon/kubernetes'
import { defaultSettings } from '../cluster.ts'
import type { OtherObjects } from './admission.ts'
import { having } from './others.fixture.ts'
import { serviceExternalIps } from './service-external-ips.ts'

const node = {
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {} },
  status: { addresses: [{ type: 'InternalIP', address: '198.51.100.7' }] },
}
const others = (allowsExternalIPs: boolean): OtherObjects => {
  const settings = { ...defaultSettings, ...(allowsExternalIPs && { allowsExternalIPs }) }
  return {
    ...having([node]),
    cluster: { cluster: 'c', settings, founded: 'f' },
  }
}
const service = (...externalIPs: string[]): Service => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'team' } },
  spec: { ports: [{ port: 80 }], externalIPs },
})

test('external addresses are refused, where the cluster was not founded to allow them; who has some may keep or lose them', () => {
  const admit = (object: Service, before?: Service) =>
    serviceExternalIps.admit(
      { resource: services, object, ...(before && { before }) },
      others(false),
    )
  const why = 'services "web" is forbidden: Use of external IPs is denied by admission control'
  assert.throws(() => admit(service('192.0.2.9')), { reason: 'Forbidden', message: why })
  admit(service())
  const before = service('192.0.2.9', '192.0.2.10')
  admit(before, before)
  admit(service('192.0.2.10'), before)
  assert.throws(() => admit(service('192.0.2.11'), before), { reason: 'Forbidden' })
})

test('where they are allowed, none is an address of a node, a pod, a Service or the machine itself', () => {
  const admit = (ip: string) =>
    serviceExternalIps.admit({ resource: services, object: service(ip) }, others(true))
  admit('192.0.2.9')
  const refused = {
    '198.51.100.7': /may not be an address of node "node-1"/,
    '10.244.0.9': /may not be an address of pods/,
    '10.96.0.9': /may not be an address of Services/,
    '127.0.0.1': /loopback range/,
    '169.254.20.10': /link-local range/,
    '0.0.0.0': /may not be unspecified/,
    '224.0.0.5': /link-local multicast range/,
    '239.1.2.3': /address of one machine/,
    '255.255.255.255': /address of one machine/,
    '2001:db8::1': /must be an IPv4 address/,
  }
  for (const [ip, message] of Object.entries(refused)) {
    assert.throws(() => admit(ip), { reason: 'Invalid', message }, ip)
  }
})
