import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ingress } from '@reckon/kubernetes'
import { findRoute } from './find-route.ts'
import { ingressHosts } from './ingress-hosts.ts'
import { otherRules } from './other-rules.ts'

/** `Exact shop.test/a`; made in this order. */
const ingresses = (...rules: readonly string[]): Ingress[] =>
  rules.map((rule, index) => {
    const [, pathType = '', host = '', path = ''] = /^(\w+) ([^/]*)(.*)$/.exec(rule) ?? []
    const backend = { service: { name: 'web', port: { number: 80 } } }
    return {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
      metadata: {
        name: `i${index}`,
        namespace: 'shop',
        creationTimestamp: `2026-01-0${index + 1}T00:00:00Z`,
      },
      spec: { rules: [{ ...(host && { host }), http: { paths: [{ path, pathType, backend }] } }] },
    } as Ingress
  })

function others(request: { host: string; path: string }, ...rules: readonly string[]): string[] {
  const all = ingresses(...rules)
  const won = findRoute(ingressHosts(all, []), request)
  assert.ok(won.outcome === 'Routed')
  return otherRules(all, [], { request, won }).map(({ ingress, why }) => `${ingress} ${why}`)
}
const asked = { host: 'Shop.test:8080', path: '/a/b' }

test('of all rules that mean a request it is said why they are not followed', () => {
  const found = others(
    asked,
    'Prefix /',
    'Prefix *.test/a/b',
    'Prefix shop.test/a',
    'Prefix shop.test/a/b',
  )
  assert.deepEqual(found, ['shop/i0 HostIsWider', 'shop/i1 HostIsWider', 'shop/i2 PathIsShorter'])
})

test('an exact path comes first, and of equal ones the older Ingress', () => {
  const found = others(asked, 'Prefix shop.test/a/b', 'Exact shop.test/a/b', 'Exact shop.test/a/b')
  assert.deepEqual(found, ['shop/i0 PrefixAfterExact', 'shop/i2 IngressIsYounger'])
})

test('what does not mean the request is no rival', () => {
  assert.deepEqual(others(asked, 'Prefix shop.test/a', 'Prefix shop.test/c', 'Prefix b.test/a'), [])
})
