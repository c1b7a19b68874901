import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Ingress } from '@reckon/kubernetes'
import { ingressHosts } from '@reckon/routing'
import { EdgeGate } from '../edge-gate.ts'
import { RunningEdge } from './edge.fixture.ts'
import { ingress } from './objects.fixture.ts'

let edge: RunningEdge
let gate: EdgeGate
const refused: string[] = []
before(async () => {
  edge = await RunningEdge.start(['web', 'api'])
  gate = new EdgeGate({
    offer: edge.offer,
    namesOf: (hosts) => {
      const { clusters, scopes } = edge.edgeOf(hosts)
      return new Set([...clusters.keys(), ...scopes.keys()])
    },
    onRefused: (key, position, why) => refused.push(`${key}@${position}: ${why}`),
    onForgotten: () => {},
  })
})
after(() => edge.close())

const versionOf = (made: Ingress, resourceVersion: string): Ingress => ({
  ...made,
  metadata: { ...made.metadata, resourceVersion },
})
const apply = (...ingresses: Ingress[]) => gate.apply(ingressHosts(ingresses, []))
/** The api takes no such host; Envoy makes a regular expression of it that is none. */
const badHost = '*.bad(.test'

test('an Ingress that Envoy refuses takes no other down, keeps what was good, and is told', async () => {
  const site = ingress('site', 'site.test', { '/': { service: 'web' } })
  const changing = ingress('changing', '*.good.test', { '/': { service: 'web' } })
  await apply(site, versionOf(changing, '1'))
  assert.equal(await edge.reached('x.good.test', '/'), 'web')

  const bad = ingress('changing', badHost, { '/': { service: 'api' } })
  const later = ingress('later', 'later.test', { '/': { service: 'api' } })
  await apply(site, versionOf(bad, '2'), later)
  assert.equal(refused.length, 1)
  assert.match(refused[0] ?? '', /^default\/changing@2: .*missing \)/s)
  const asked = ['site.test', 'x.good.test', 'later.test']
  const answers = await Promise.all(asked.map((host) => edge.reached(host, '/')))
  assert.deepEqual(answers, ['web', 'web', 'api'])

  const mended = ingress('changing', '*.good.test', { '/': { service: 'api' } })
  await apply(site, versionOf(mended, '3'), later)
  assert.equal(await edge.reached('x.good.test', '/'), 'api')
  assert.equal(refused.length, 1)
})
