import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextAt } from './context-at.ts'
import type { Current } from './kubeconfig.ts'

const current: Current = {
  name: 'reckon',
  context: { cluster: 'reckon', user: 'admin', namespace: 'shop' },
  cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': 'Y2E=' },
  user: { token: 'secret' },
  files: [],
}
const position = { position: '7', time: '2026-01-01T00:00:00.000Z', prefix: '/at/7' }

test('a context of the past leads below /at, with the same user and namespace', () => {
  const then = contextAt(current, '10m', position)
  assert.equal(then['current-context'], 'reckon@10m')
  const server = 'https://127.0.0.1:6443/at/7'
  assert.deepEqual(then.clusters, [{ name: 'reckon@10m', cluster: { ...current.cluster, server } }])
  assert.deepEqual(then.users, [{ name: 'admin', user: current.user }])
  const context = { cluster: 'reckon@10m', user: 'admin', namespace: 'shop' }
  assert.deepEqual(then.contexts, [{ name: 'reckon@10m', context }])
})

test('made of one of the past, it leads to the other moment', () => {
  const cluster = { server: 'https://127.0.0.1:6443/at/3/' }
  const then = contextAt({ ...current, name: 'reckon@1h', cluster }, '10m', position)
  assert.equal(then['current-context'], 'reckon@10m')
  assert.equal(then.clusters?.[0]?.cluster?.server, 'https://127.0.0.1:6443/at/7')
})
