import assert from 'node:assert/strict'
import { duplexPair } from 'node:stream'
import { test } from 'node:test'
import { SpdyConnection, type SpdyStream } from './spdy-connection.ts'
import { encodeSpdyFrame, type SpdyFrame, spdyFrames } from './spdy-frames.ts'
import { headerReader, headerWriter } from './spdy-headers.ts'

type Sent = Exclude<SpdyFrame, { type: 'Other' }>

async function* cut(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('frames are read as they were written, wherever the connection cuts them', async () => {
  const bytes = Buffer.from('some bytes')
  const frames: Sent[] = [
    { type: 'SynStream', stream: 1, isLast: false, headers: bytes },
    { type: 'SynReply', stream: 1, headers: bytes },
    { type: 'Data', stream: 1, isLast: false, bytes },
    { type: 'Data', stream: 1, isLast: true, bytes: Buffer.alloc(0) },
    { type: 'Reset', stream: 1, status: 5 },
    { type: 'Ping', id: 3 },
    { type: 'GoAway' },
  ]
  const written = Buffer.concat(frames.map(encodeSpdyFrame))
  for (const size of [1, 7, 8, 20, 1_000]) {
    assert.deepEqual(await Array.fromAsync(spdyFrames(cut(written, size))), frames)
  }
  const other = Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0])
  await assert.rejects(Array.fromAsync(spdyFrames(cut(other, 8))), SyntaxError)
})

test('headers are one stream of zlib for each direction; what is none is refused', async () => {
  const [write, read] = [headerWriter(), headerReader()]
  for (const port of ['80', '8080']) {
    const headers = new Map([
      ['streamtype', 'data'],
      ['port', port],
    ])
    assert.deepEqual(await read(await write(headers)), headers)
  }
  await assert.rejects(headerReader()(Buffer.from('no zlib')), SyntaxError)
})

/** A connection to a server whose streams are handed on, as kubectl speaks it. */
function connected(onStream: (stream: SpdyStream) => void) {
  const [client, socket] = duplexPair()
  const run = new SpdyConnection(socket).run(onStream)
  const write = headerWriter()
  const send = (frame: Sent) => client.write(encodeSpdyFrame(frame))
  const heard = spdyFrames(client)
  return {
    client,
    socket,
    run,
    send,
    open: async (stream: number, type: string) =>
      send({
        type: 'SynStream',
        stream,
        isLast: false,
        headers: await write(new Map([['streamtype', type]])),
      }),
    next: async () => (await heard.next()).value,
  }
}

test('a client opens a stream, both say what they have to say, and each ends its own direction', async () => {
  const { client, run, send, open, next } = connected(async (stream) => {
    assert.equal(stream.headers.get('streamtype'), 'stdin')
    const said = Buffer.concat(await Array.fromAsync(stream.incoming))
    await stream.write(Buffer.from(`heard ${said}`))
    await stream.end()
    assert.equal(await stream.write(Buffer.from('more')), false)
  })
  await open(1, 'stdin')
  assert.equal((await next())?.type, 'SynReply')
  send({ type: 'Ping', id: 7 })
  assert.deepEqual(await next(), { type: 'Ping', id: 7 })
  send({ type: 'Data', stream: 1, isLast: false, bytes: Buffer.from('a ') })
  send({ type: 'Data', stream: 1, isLast: true, bytes: Buffer.from('word') })
  const answer = await next()
  assert.ok(answer?.type === 'Data')
  assert.equal(Buffer.from(answer.bytes).toString(), 'heard a word')
  const end = await next()
  assert.ok(end?.type === 'Data' && end.isLast)
  client.end()
  await run
})

test('a client that is gone, or speaks something else, ends its streams', async () => {
  for (const leave of ['end', 'nonsense', 'reset', 'break'] as const) {
    const opened = Promise.withResolvers<SpdyStream>()
    const { client, socket, run, send, open } = connected(opened.resolve)
    await open(1, 'data')
    const stream = await opened.promise
    if (leave === 'reset') send({ type: 'Reset', stream: 1, status: 5 })
    else if (leave === 'end') client.end()
    else if (leave === 'break') socket.destroy()
    else client.write(Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0]))
    assert.deepEqual(await Array.fromAsync(stream.incoming), [])
    client.end()
    await run
    assert.equal(stream.gone.aborted, true)
  }
})
