import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findResourceNamed } from '../resources.ts'

for (const id of ['services', 'ingresses.networking.k8s.io']) {
  test(`where ${id} are reached is told as addresses and names of hosts`, () => {
    const told = (...ingress: object[]) =>
      findResourceNamed(id)
        ?.validateStatus?.({
          ...{ apiVersion: 'v1', kind: 'Any', metadata: { name: 'a' } },
          ...{ status: { loadBalancer: { ingress } } },
        })
        .map(({ field, message }) => `${field.replace(/^.*ingress/, '')}: ${message}`)
    assert.deepEqual(told(), [])
    assert.deepEqual(told({ ip: '10.0.0.7' }, { hostname: 'web.example.com' }), [])
    assert.deepEqual(told({ ip: 'web.example.com' }, { hostname: '10.0.0.7' }), [
      '[0].ip: Invalid value: "web.example.com": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      '[1].hostname: Invalid value: "10.0.0.7": must be a DNS name, not an IP address',
    ])
  })
}
