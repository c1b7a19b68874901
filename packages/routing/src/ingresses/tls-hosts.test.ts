import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ingress } from '@reckon/kubernetes'
import { tlsHosts } from './tls-hosts.ts'

const ingress = (name: string, tls: NonNullable<Ingress['spec']['tls']>): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', creationTimestamp: `2026-01-0${name}T00:00:00Z` },
  spec: { tls },
})
const pairOf = (namespace: string, name: string) =>
  name === 'none' ? undefined : { certificates: `${namespace}/${name}`, key: 'k' }
const hostsOf = (...ingresses: Ingress[]) =>
  Object.fromEntries(
    [...tlsHosts(ingresses, [], pairOf)].map(([host, { certificates }]) => [host, certificates]),
  )

test('each host has the pair of its Secret; of two Ingresses the older one decides', () => {
  const older = ingress('1', [{ hosts: ['A.test', '*.b.test'], secretName: 'one' }])
  const younger = ingress('2', [{ hosts: ['a.test', 'c.test'], secretName: 'two' }])
  assert.deepEqual(hostsOf(younger, older), {
    'a.test': 'shop/one',
    '*.b.test': 'shop/one',
    'c.test': 'shop/two',
  })
})

test('without hosts it is for every name; without a pair for none', () => {
  assert.deepEqual(hostsOf(ingress('1', [{ secretName: 'any' }])), { '*': 'shop/any' })
  assert.deepEqual(hostsOf(ingress('1', [{ hosts: ['a.test'], secretName: 'none' }, {}])), {})
})
