import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootstrapTokenSecret, type Secret } from '@reckon/kubernetes'
import { createVault } from '@reckon/process/trusted'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'
import { plan } from './plan.ts'

const secretOf = (id: string, endsMs?: number): Secret => {
  const end = endsMs === undefined ? {} : { endsMs }
  const { stringData = {}, ...secret } = bootstrapTokenSecret(
    { id, secret: '0123456789abcdef' },
    end,
  )
  const data = Object.entries(stringData).map(([field, text]) => [
    field,
    new TextEncoder().encode(text).toBase64(),
  ])
  return { ...secret, data: Object.fromEntries(data) }
}

test('a token goes at its end, one without an end stays, and no other Secret goes', () => {
  const endsMs = Date.UTC(2026, 0, 1)
  assert.equal(plan(secretOf('abcdef', endsMs)), endsMs)
  assert.equal(plan(secretOf('abcdef')), undefined)
  assert.equal(plan({ ...secretOf('abcdef', endsMs), type: 'Opaque' }), undefined)
})

test('what has ended is deleted', async (t) => {
  const cluster = await startedCluster(t, { vault: createVault(new Uint8Array(32)) })
  const system = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } }
  await cluster.create(system)
  await cluster.create(secretOf('ended0', 0))
  await cluster.create(secretOf('lasts0'))
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const names = () =>
    cluster.ports.objects
      .list(cluster.ports.objects.resources.of(secretOf('lasts0')))
      .map(({ object }) => object.metadata.name)
  await cluster.until('the ended one is gone', () => !names().includes('bootstrap-token-ended0'))
  assert.ok(names().includes('bootstrap-token-lasts0'))
})
