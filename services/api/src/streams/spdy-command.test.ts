import assert from 'node:assert/strict'
import { duplexPair } from 'node:stream'
import { test } from 'node:test'
import { createMemoryClock } from '@reckon/eventing/memory'
import { openSpdyCommand } from './spdy-command.ts'
import { SpdyConnection } from './spdy-connection.ts'
import { encodeSpdyFrame, spdyFrames } from './spdy-frames.ts'
import { headerWriter } from './spdy-headers.ts'

/** A client that has run a command, read its output to the end, and not gone yet. */
async function endedCommand() {
  const clock = createMemoryClock()
  const [client, socket] = duplexPair()
  const wanted = { stdin: false, stdout: true, stderr: false, tty: false }
  const opening = openSpdyCommand(new SpdyConnection(socket), wanted, clock)
  const write = headerWriter()
  for (const [at, type] of ['error', 'stdout'].entries()) {
    const headers = await write(new Map([['streamtype', type]]))
    const stream = 2 * at + 1
    client.write(encodeSpdyFrame({ type: 'SynStream', stream, isLast: false, headers }))
  }
  const command = await opening
  assert.ok(command)
  const heard = spdyFrames(client)
  await command.write('stdout', Buffer.from('output'))
  const ended = command.end({ metadata: {}, status: 'Success' })
  let lasts = 0
  while (lasts < 2) {
    const { value: frame } = await heard.next()
    if (frame?.type === 'Data' && frame.isLast) lasts += 1
  }
  return { clock, client, socket, ended }
}

test('a client that has been told everything ends the connection itself', async () => {
  const { clock, client, socket, ended } = await endedCommand()
  await clock.advance(9_000)
  assert.equal(socket.writableEnded, false)
  client.end()
  await ended
})

test('one that does not go is left', async () => {
  const { clock, socket, ended } = await endedCommand()
  await clock.advance(10_000)
  await ended
  assert.equal(socket.writableEnded, true)
})
