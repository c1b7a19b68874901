import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startedApi } from '../api.fixture.ts'
import { checkRegistration } from './check-registration.ts'

test('a Node is made for nodes of the own machine, and for others while they are let in', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const ports = { ...api.ports, ownNodes: new Set(['node-1']) }
  await checkRegistration(ports, 'node-1')
  await assert.rejects(checkRegistration(ports, 'w1'), /the node has left the cluster/)
  await checkRegistration(api.ports, 'w1')
})

test('a Node that is there is reported whoever reports it', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' } }
  await api.ask('POST', '/api/v1/nodes', { body })
  await checkRegistration({ ...api.ports, ownNodes: new Set(['node-1']) }, 'w1')
})
