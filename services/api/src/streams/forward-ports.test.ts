import assert from 'node:assert/strict'
import { duplexPair } from 'node:stream'
import { test } from 'node:test'
import { forwardPorts } from './forward-ports.ts'
import { SpdyConnection } from './spdy-connection.ts'
import { encodeSpdyFrame, spdyFrames } from './spdy-frames.ts'
import { headerWriter } from './spdy-headers.ts'

test('a failure that is no refusal ends the whole connection', async () => {
  const [client, socket] = duplexPair()
  const connection = new SpdyConnection(socket)
  const forwarded = forwardPorts(connection, async () => {
    throw new TypeError('a bug')
  })
  const rejected = assert.rejects(forwarded, TypeError)
  const write = headerWriter()
  for (const [index, streamtype] of ['error', 'data'].entries()) {
    const headers = new Map([
      ['streamtype', streamtype],
      ['port', '80'],
      ['requestid', '0'],
    ])
    const frame = {
      type: 'SynStream',
      stream: 2 * index + 1,
      isLast: false,
      headers: await write(headers),
    } as const
    client.write(encodeSpdyFrame(frame))
  }
  await rejected
  // What the server has said ends here.
  const said = await Array.fromAsync(spdyFrames(client), ({ type }) => type)
  assert.equal(said.at(-1), 'GoAway')
})
