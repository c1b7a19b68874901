import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { badRequest, isRefusal } from '@reckon/kubernetes'
import { WebSocket } from 'ws'
import type { OpenPort } from './forward-ports.ts'
import { openWebSocketPorts, portsNamed, speaksPortChannels } from './websocket-ports.ts'

test('the ports are those that the URL names, one by one or together', () => {
  assert.deepEqual(portsNamed('/p?ports=80&x=1&ports=443,8443'), [80, 443, 8443])
})

test('what is no port, and none at all, is refused', () => {
  const refused = (url: string) =>
    assert.throws(
      () => portsNamed(url),
      (error) => isRefusal(error, 'BadRequest'),
    )
  for (const url of ['/p', '/p?ports=', '/p?ports=0', '/p?ports=65536', '/p?ports=http'])
    refused(url)
})

test('no more ports are forwarded at once than channels can be numbered', () => {
  const query = (count: number) => `/p?ports=${Array(count).fill(1).join(',')}`
  assert.equal(portsNamed(query(127)).length, 127)
  assert.throws(
    () => portsNamed(query(128)),
    (error) => isRefusal(error, 'BadRequest'),
  )
})

test('the protocol is found among those that a client offers', () => {
  assert.ok(speaksPortChannels('v5.channel.k8s.io, v4.channel.k8s.io'))
  assert.ok(!speaksPortChannels('SPDY/3.1+portforward.k8s.io'))
  assert.ok(!speaksPortChannels(undefined))
})

/** A client whose ports are forwarded. */
async function forwarding(ports: readonly number[], openPort: OpenPort) {
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const address = http.address()
  assert.ok(address !== null && typeof address === 'object')
  const upgrade = once(http, 'upgrade')
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`, 'v4.channel.k8s.io')
  const closed = once(client, 'close')
  const opened = once(client, 'open')
  const [request, socket, head] = await upgrade
  assert.ok(socket instanceof Socket)
  const connection = await openWebSocketPorts({ request, socket, head }, ports)
  assert.ok(connection)
  await opened
  const forwarded = connection.forward(openPort)
  return { connection, client, closed, forwarded, [Symbol.dispose]: () => void http.close() }
}

test('what is sent to a refused port holds up nobody: that the client goes is seen', async () => {
  const refused = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  using forwarded = await forwarding([80, 81], async (port) => {
    if (port === 81) await gone.promise
    throw badRequest('no such port')
  })
  const { connection, client } = forwarded
  client.on('message', (data: Buffer) => {
    if (data[0] === 1 && data.includes('no such port')) refused.resolve()
  })
  connection.gone.addEventListener('abort', () => gone.resolve())
  await refused.promise
  const much = Buffer.alloc(300 * 1024)
  client.send(much)
  client.send(much)
  client.close()
  await forwarded.closed
  await forwarded.forwarded
  assert.ok(connection.gone.aborted)
})

test('a failure that is no refusal ends the connection, and all others within', async () => {
  const others = Promise.withResolvers<void>()
  using forwarded = await forwarding([80, 81], async (port) => {
    if (port === 80) throw new TypeError('a bug')
    await others.promise
    throw badRequest('gone')
  })
  forwarded.connection.gone.addEventListener('abort', () => others.resolve())
  await assert.rejects(forwarded.forwarded, TypeError)
  await forwarded.closed
  await others.promise
})
