import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MalformedMessages, silent } from '@reckon/eventing'
import {
  type NodeStream,
  nodeCredentials,
  type StreamRequest,
  serveStreams,
} from '@reckon/node-plane'
import { systemClock as clock } from '@reckon/process'
import { startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
let served: Promise<void>
const stop = new AbortController()
const path = '/api/v1/nodes/a/proxy'

before(async () => {
  api = await startedApi()
  const bus = api.hub.connect(undefined, nodeCredentials('a'))
  const answer = async (request: StreamRequest, stream: NodeStream) => {
    assert.ok(request.type === 'Node')
    stream.confirm()
    await stream.write('stdout', new TextEncoder().encode(`told of ${request.question}`))
    return { type: 'Done', exitCode: 0 } as const
  }
  const malformed = new MalformedMessages(silent)
  served = serveStreams({ bus, clock, malformed }, 'a', answer, stop.signal)
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } }
  await api.ask('POST', '/api/v1/nodes', { body })
})
after(async () => {
  stop.abort()
  await served
  await api.close()
  assert.deepEqual(api.errors, [])
})

test('a node tells of its health, its pods and what it uses, under a kubelet’s paths', async () => {
  for (const [below, question, type] of [
    ['healthz', 'healthz', 'text/plain; charset=utf-8'],
    ['metrics', 'metrics', 'text/plain; version=0.0.4; charset=utf-8'],
    ['metrics/cadvisor', 'cadvisor', 'text/plain; version=0.0.4; charset=utf-8'],
    ['metrics/resource', 'resource', 'text/plain; version=0.0.4; charset=utf-8'],
    ['pods/', 'pods', 'application/json'],
  ]) {
    const { code, text, headers } = await api.ask('GET', `${path}/${below}`)
    assert.deepEqual([code, text, headers['content-type']], [200, `told of ${question}`, type])
  }
})

test('what it does not tell is refused by name, and so is who may not ask', async () => {
  const summary = await api.ask('GET', `${path}/stats/summary`)
  assert.equal(summary.code, 404)
  assert.equal(summary.json.message, 'nodes/proxy of this server has no path "/stats/summary"')
  assert.equal((await api.ask('POST', `${path}/healthz`)).code, 405)
  assert.equal((await api.ask('GET', path.replace('/a/', '/a:10250/'))).code, 400)
  assert.equal((await api.ask('GET', `${path.replace('/a/', '/none/')}/healthz`)).code, 404)
  const user = { name: 'jane', groups: ['system:authenticated'] }
  const refused = await api.ask('GET', `${path}/pods`, { user })
  assert.match(String(refused.json.message), /cannot get resource "nodes\/proxy" in API group ""/)
})
