import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { jsonEvent } from '@eventstore/db-client'
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import { Client, credentials } from '@grpc/grpc-js'
import { collect, openTestStore } from '../testing/open-test-store.ts'
import { callHeaders, http2Preface, openSilent, reset } from '../testing/raw-http2.ts'

const event = () => jsonEvent({ type: 'Noted', data: {} })

test('bytes that are no protocol end their own connection only', async (context) => {
  const { server, client } = await openTestStore(context)
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  for (const bytes of [randomBytes(500), Buffer.concat([preface, randomBytes(500)])]) {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(bytes)
    await once(socket, 'close')
  }
  await client.appendToStream('s', event())
})

test('calls that are reset at once end nothing but themselves', async (context) => {
  const { server, client } = await openTestStore(context)
  const { read, append, batchAppend, delete: deleteStream } = streamsService.StreamsService
  const paths = [read, append, batchAppend, deleteStream].map(({ path }) => path)
  for (const path of [...paths, '/no.such.Service/Method', '*']) {
    const calls = Array.from({ length: 50 }, (_, index) => 2 * index + 1)
    const bytes = calls.flatMap((call) => [callHeaders(call, path), reset(call)])
    const socket = await openSilent(server.port, Buffer.concat([http2Preface, ...bytes]))
    await client.appendToStream('s', event())
    socket.destroy()
  }
})

test('messages that cannot be read end their own call only', async (context) => {
  const { server, client } = await openTestStore(context)
  const methods = streamsService.StreamsService
  const raw = (bytes: Buffer) => bytes
  const stranger = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure())
  context.after(() => stranger.close())
  for (let round = 0; round < 20; round++) {
    // No field has this wire type.
    const bytes = Buffer.concat([Buffer.from([0x0f]), randomBytes(round)])
    const batch = stranger.makeBidiStreamRequest(methods.batchAppend.path, raw, raw)
    batch.write(bytes)
    const read = stranger.makeServerStreamRequest(methods.read.path, raw, raw, bytes)
    const errors = [batch, read].map((call) => once(call.resume(), 'error'))
    for (const [error] of await Promise.all(errors)) {
      assert.ok([3, 13].includes(error.code), String(error))
    }
  }
  await client.appendToStream('s', event())
  assert.equal((await collect(client.readStream('s'))).length, 1)
})

/** A message of an append whose correlation id is no id, and which expects the largest revision. */
function strangePart(number: number, isFinal: boolean): Buffer {
  const identifier = new sharedMessages.StreamIdentifier()
  identifier.setStreamName(Buffer.from('s').toString('base64'))
  const options = new streamMessages.BatchAppendReq.Options()
  options.setStreamIdentifier(identifier)
  options.setStreamPosition(`${2n ** 64n - 1n}`)
  const request = new streamMessages.BatchAppendReq()
  request.setOptions(options)
  request.setIsFinal(isFinal)
  const rest = Buffer.from(request.serializeBinary())
  return Buffer.concat([Buffer.from([0x0a, 4, 0xff, 0xff, number >> 8, number & 0xff]), rest])
}

test('an append that makes no sense is answered', async (context) => {
  const { server } = await openTestStore(context)
  const { batchAppend } = streamsService.StreamsService
  const raw = (bytes: Buffer) => bytes
  const stranger = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure())
  context.after(() => stranger.close())
  const call = stranger.makeBidiStreamRequest(batchAppend.path, raw, raw)
  call.write(strangePart(0, true))
  const [answer] = await once(call, 'data')
  assert.match(answer.toString('latin1'), /WrongExpectedVersion/)
  call.end()
  call.resume()
  await once(call, 'end')
})

test('appends that are begun and never ended are refused at last', async (context) => {
  const { server, client } = await openTestStore(context)
  const { batchAppend } = streamsService.StreamsService
  const raw = (bytes: Buffer) => bytes
  const stranger = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure())
  context.after(() => stranger.close())
  const call = stranger.makeBidiStreamRequest(batchAppend.path, raw, raw)
  const ended = once(call.resume(), 'error')
  for (let number = 0; number < 3000; number++) call.write(strangePart(number, false))
  const [error] = await ended
  assert.match(error.message, /never ended/)
  await client.appendToStream('s', event())
})
