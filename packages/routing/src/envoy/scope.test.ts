import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '@reckon/kubernetes/random'
import type { HostRules, IngressHosts } from '../ingresses/path-rule.ts'
import { scopeOf, scopes } from './scope.ts'

const names = Array.from({ length: 12 }, (_, index) => `site-${index}.test`)

test('scopes after changes are those made of all hosts at once', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed)
    let rules = new Map<string, HostRules>()
    let before = scopes(rules)
    for (let step = 0; step < 12; step++) {
      rules = changed(rules, random, step)
      const tlsPort = random.chance(0.1) ? 8443 : undefined
      const now = scopes(rules, tlsPort, before)
      assert.deepEqual([...now], [...scopes(new Map(rules), tlsPort)], `seed ${seed}, step ${step}`)
      before = now
    }
  }
})

test('a scope of which no host has changed is the same object', () => {
  const [one = '', other = ''] = names
  assert.notEqual(scopeOf(one), scopeOf(other))
  const hosts = new Map([one, other].map((host) => [host, rulesOf(host, 1)]))
  const before = scopes(hosts)
  const now = scopes(new Map(hosts).set(one, rulesOf(one, 2)), undefined, before)
  assert.equal(now.get(scopeOf(other)), before.get(scopeOf(other)))
  assert.notEqual(now.get(scopeOf(one)), before.get(scopeOf(one)))
})

/** Some hosts come, change and go; seldom one that stands in every scope. */
function changed(rules: IngressHosts, random: Random, step: number): Map<string, HostRules> {
  const now = new Map(rules)
  const hosts = random.chance(0.1) ? ['*', '*.test'] : names
  for (let count = random.below(3); count >= 0; count--) {
    const host = random.of(hosts)
    if (random.chance(0.4)) now.delete(host)
    else now.set(host, rulesOf(host, step))
  }
  return now
}

const rulesOf = (host: string, step: number): HostRules => ({
  host,
  paths: [
    {
      match: 'Prefix',
      path: '/',
      backend: { namespace: 'default', service: 'web', port: 80 },
      origin: { ingress: 'default/site', position: `${step}` },
    },
  ],
})
