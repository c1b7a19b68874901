import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { jsonEvent } from '@eventstore/db-client'
import { openSecureStore, openTestStore } from '../testing/open-test-store.ts'
import { callHeaders, http2Preface, openSilent } from '../testing/raw-http2.ts'

const silenceMsMax = 1000
const event = () => jsonEvent({ type: 'Noted', data: {} })

/** What silent peers have said before they fell silent. */
const beginnings = {
  nothing: Buffer.alloc(0),
  'half a handshake': Buffer.from('160301020001', 'hex'),
  'half a preface': Buffer.from('PR'),
  'no request': http2Preface,
  'half a request': Buffer.from('GET /ping HTTP/1.1\r\nHost: x\r\nX-Never-Ending: '),
  'a question that needs no password': Buffer.concat([
    http2Preface,
    callHeaders(1, '/event_store.client.server_features.ServerFeatures/GetSupportedMethods'),
  ]),
}

const closed = (socket: Socket) => (socket.closed ? undefined : once(socket, 'close'))

for (const kind of ['insecure', 'secure'] as const) {
  test(`500 silent connections to a store that is ${kind} are gone soon and keep nobody out`, async (context) => {
    const open = kind === 'insecure' ? openTestStore : openSecureStore
    const { server, client } = await open(context, { silenceMsMax })
    const kinds = Object.values(beginnings)
    const silent = Array.from({ length: 500 }, (_, index) =>
      openSilent(server.port, kinds[index % kinds.length] ?? Buffer.alloc(0)),
    )
    const sockets = await Promise.all(silent)
    const began = performance.now()
    await client.appendToStream('s', event())
    await Promise.all(sockets.map(closed))
    const took = performance.now() - began
    assert.ok(took < 3 * silenceMsMax, `they were there for ${took} ms`)
    await client.appendToStream('s', event())
  })
}

test('whoever keeps more connections open than the store has places keeps nobody out', async (context) => {
  const { server, client } = await openTestStore(context, { silenceMsMax: 60_000 })
  const silent = Array.from({ length: 700 }, () => openSilent(server.port, http2Preface))
  const sockets = await Promise.all(silent)
  await client.appendToStream('s', event())
  const first = sockets[0]
  assert.ok(first !== undefined)
  await closed(first)
  for (const socket of sockets) socket.destroy()
})

test('a peer that was let in and then answers no ping is gone, its calls with it', async (context) => {
  const { server } = await openTestStore(context, { silenceMsMax })
  const path = '/event_store.client.streams.Streams/BatchAppend'
  const bytes = Buffer.concat([http2Preface, callHeaders(1, path)])
  const socket = await openSilent(server.port, bytes)
  const began = performance.now()
  await closed(socket)
  const took = performance.now() - began
  assert.ok(took > silenceMsMax && took < 4 * silenceMsMax, `it was there for ${took} ms`)
})

test('a client that is let in stays, also where it has nothing to ask for long', async (context) => {
  const { client, connect } = await openSecureStore(context, { silenceMsMax })
  const quiet = connect()
  await quiet.appendToStream('s', event())
  const ended: unknown[] = []
  const subscription = client.subscribeToStream('s').on('error', (error) => ended.push(error))
  await once(subscription, 'data')
  await new Promise((resolve) => setTimeout(resolve, 3 * silenceMsMax))
  assert.deepEqual(ended, [])
  const heard = once(subscription, 'data')
  await quiet.appendToStream('s', event())
  await heard
  await subscription.unsubscribe()
})

test('a client that was sent away for its silence comes back when it has something to ask', async (context) => {
  const { client } = await openSecureStore(context, { silenceMsMax })
  const { capabilities } = client as unknown as { capabilities: Promise<unknown> }
  await capabilities
  await new Promise((resolve) => setTimeout(resolve, 2 * silenceMsMax))
  await client.appendToStream('s', event())
})
