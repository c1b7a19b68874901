import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRoute } from './find-route.ts'
import type { IngressHosts, PathRule } from './path-rule.ts'

const rule = (match: PathRule['match'], path: string, service: string): PathRule => ({
  match,
  path,
  backend: { namespace: 'shop', service, port: 80 },
  origin: { ingress: 'shop/site', position: '7' },
})
const hosts: IngressHosts = new Map(
  [
    { host: 'shop.test', paths: [rule('Exact', '/a', 'exact'), rule('Prefix', '/a', 'prefix')] },
    { host: '*.shop.test', paths: [rule('Prefix', '/', 'wild')] },
    { host: '*', paths: [rule('Prefix', '/', 'any')] },
  ].map((rules) => [rules.host, rules]),
)
const goesTo = (host: string, path: string): string => {
  const found = findRoute(hosts, { host, path })
  return found.outcome === 'Routed'
    ? found.backends.map(({ backend, percent }) => `${backend.service} ${percent}`).join()
    : found.outcome
}

test('an exact host comes before a wildcard of one label, and that before every host', () => {
  assert.equal(goesTo('Shop.test:8080', '/a'), 'exact 100')
  assert.equal(goesTo('www.shop.test.', '/'), 'wild 100')
  assert.equal(goesTo('a.www.shop.test', '/'), 'any 100')
  assert.equal(goesTo('other.test', '/'), 'any 100')
})

test('a prefix goes by whole elements, and the query does not matter', () => {
  assert.equal(goesTo('shop.test', '/a/b?c'), 'prefix 100')
  assert.equal(goesTo('shop.test', '/a?c'), 'exact 100')
  assert.equal(goesTo('shop.test', '/ab'), 'NoSuchPath')
})

test('a path is compared as Envoy has it: dots are resolved, what is not ASCII is encoded, double slashes stay', () => {
  assert.equal(goesTo('shop.test', '/x/../%61'), 'exact 100')
  assert.equal(goesTo('shop.test', 'a'), 'exact 100')
  assert.equal(goesTo('shop.test', '/a%2Fb'), 'NoSuchPath')
  assert.equal(goesTo('shop.test', '//a'), 'NoSuchPath')
  const encoded = { host: 'x.test', paths: [rule('Exact', '/caf%C3%A9', 'cafe')] }
  const found = findRoute(new Map([['x.test', encoded]]), { host: 'x.test', path: '/café' })
  assert.equal(found.outcome, 'Routed')
})

test('a host that no rule names, where no rule is for all, goes nowhere', () => {
  assert.deepEqual(findRoute(new Map(), { host: 'x.test', path: '/' }), { outcome: 'NoSuchHost' })
})

test('a canary has its share', () => {
  const canary = { service: 'new', percent: 20 }
  const one = { ...rule('Prefix', '/', 'old'), options: { canary } }
  const found = findRoute(new Map([['x.test', { host: 'x.test', paths: [one] }]]), {
    host: 'x.test',
    path: '/',
  })
  assert.ok(found.outcome === 'Routed')
  assert.deepEqual(
    found.backends.map(({ backend, percent }) => [backend.service, percent]),
    [
      ['old', 80],
      ['new', 20],
    ],
  )
})
