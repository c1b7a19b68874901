import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { RunningEdge } from './edge.fixture.ts'
import { ingress, slice } from './objects.fixture.ts'

const table = 'table ip silent'
let edge: RunningEdge
before(async () => {
  edge = await RunningEdge.start(['here', 'gone'])
})
after(async () => {
  execFileSync('nft', [`${table}; delete ${table}`])
  await edge.close()
})

test('what was asked of a pod whose machine falls silent is asked of another one, also on connections that were kept', async () => {
  const ports = [edge.portOf('here'), edge.portOf('gone')]
  await edge.apply({
    ingresses: [ingress('site', 'site.test', { '/': { service: 'here' } })],
    slices: slice('here', ports),
  })
  const askMany = () =>
    Promise.all(Array.from({ length: 20 }, () => edge.reached('site.test', '/')))
  assert.deepEqual(new Set(await askMany()), new Set(['here', 'gone']))
  const lost = `tcp dport ${ports[1]} drop; tcp sport ${ports[1]} drop;`
  const chain = `chain output { type filter hook output priority 0; ${lost} }`
  execFileSync('nft', [`${table} { ${chain}; }`])
  assert.deepEqual(new Set(await askMany()), new Set(['here']))
})
