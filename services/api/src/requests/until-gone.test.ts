import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import { untilGone } from './until-gone.ts'

test('it aborts when the client goes, when it had gone before, and when the other signal does', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const client = get({ port: address.port, host: '127.0.0.1' }).on('error', () => {})
  const [, raw]: [unknown, ServerResponse] = await new Promise((resolve) => {
    server.once('request', (request, response) => resolve([request, response]))
  })
  const other = new AbortController()
  const [gone, either] = [untilGone({ raw }), untilGone({ raw }, other.signal)]
  other.abort()
  assert.deepEqual([gone.aborted, either.aborted], [false, true])
  client.destroy()
  await once(gone, 'abort')
  assert.match(String(gone.reason), /the client has gone/)
  assert.ok(untilGone({ raw }).aborted)
})
