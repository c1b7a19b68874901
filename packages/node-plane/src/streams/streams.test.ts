import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MalformedMessages, silent } from '@reckon/eventing/bus'
import { createMemoryClock, createMemoryHub, type MemoryBus } from '@reckon/eventing/memory'
import { StatusError } from '@reckon/kubernetes'
import { nodeStreamOf, nodeStreams } from '../node-subjects.ts'
import { nodeCredentials, servicePermissions } from '../permissions.ts'
import { creditBytes } from './inbound-channel.ts'
import type { NodeStream } from './node-stream.ts'
import { openStream } from './open-stream.ts'
import { type AnswerStream, serveStreams } from './serve-streams.ts'
import { decodeStreamFrame, encodeStreamFrame } from './stream-frame.ts'
import type { StreamRequest } from './stream-request.ts'

const request: StreamRequest = {
  type: 'PortForward',
  pod: { namespace: 'default', name: 'web', uid: 'uid' },
  port: 80,
}
const done = { type: 'Done', exitCode: 0 } as const
const bytes = (length: number) => new Uint8Array(length).fill(7)

/** A node that answers so, and an api, each with what its credentials allow. */
function joined(answer: AnswerStream) {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const permissions = servicePermissions.api
  assert.ok(permissions)
  const api: MemoryBus = hub.connect('api', { user: 'api', permissions })
  const node: MemoryBus = hub.connect('node', nodeCredentials('a'))
  const stop = new AbortController()
  const malformed = new MalformedMessages(silent)
  const served = serveStreams({ bus: node, clock, malformed }, 'a', answer, stop.signal)
  let ids = 0
  const ports = { bus: api, clock, ids: { next: () => `s-${ids++}`, below: () => 0 } }
  const end = async () => {
    stop.abort()
    await served
  }
  return {
    hub,
    clock,
    api,
    node,
    malformed,
    served,
    end,
    open: () => openStream(ports, 'a', request),
  }
}

async function textOf(stream: NodeStream): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream.read('stdout'))).toString()
}

test('what is said comes back, each channel ends by itself, and the end tells how', async () => {
  const { open, end } = joined(async (asked, stream) => {
    assert.deepEqual(asked, request)
    stream.confirm()
    for await (const said of stream.read('stdin')) await stream.write('stdout', said)
    await stream.write('stdout', Buffer.from('!'))
    return { type: 'Done', exitCode: 3 }
  })
  const stream = await open()
  await stream.write('stdin', Buffer.from('hello'))
  stream.close('stdin')
  assert.equal(await textOf(stream), 'hello!')
  assert.deepEqual(await stream.ended, { type: 'Done', exitCode: 3 })
  assert.equal(await stream.write('stdin', Buffer.from('late')), false)
  await end()
})

test('who does not read holds up who writes, and gets everything in the end', async () => {
  let said = 0
  const { open, end } = joined(async (_asked, stream) => {
    stream.confirm()
    while (said < 3 * creditBytes && (await stream.write('stdout', bytes(1_000)))) said += 1_000
    return done
  })
  const stream = await open()
  await new Promise((resolve) => setImmediate(resolve))
  assert.ok(said <= creditBytes, `${said} bytes were said to nobody`)
  const lengths = (await Array.fromAsync(stream.read('stdout'))).map(({ length }) => length)
  assert.equal(
    lengths.reduce((sum, length) => sum + length, 0),
    said,
  )
  assert.deepEqual(await stream.ended, done)
  await end()
})

test('a node that says more than it may is not listened to', async () => {
  const { open, end, node } = joined(async (_asked, stream) => {
    stream.confirm()
    for await (const _go of stream.read('stdin')) break
    const content = { type: 'Data', channel: 'stdout', payload: bytes(creditBytes + 1) } as const
    const flood = encodeStreamFrame({ stream: stream.id, number: 1, content })
    node.publish(nodeStreamOf('a', stream.id), flood)
    await stream.ended
    return done
  })
  const stream = await open()
  await stream.write('stdin', bytes(1))
  assert.equal((await stream.ended).type, 'Lost')
  await end()
})

test('what the node refuses is thrown in its words', async () => {
  const { open, end } = joined(async () => {
    throw new StatusError('NotFound', 'container not found ("c")')
  })
  await assert.rejects(open(), { reason: 'NotFound', message: 'container not found ("c")' })
  await end()
})

test('where the node gives a reason that it may not, what it says is told as an error of its own', async () => {
  const { open, end } = joined(async () => {
    throw new StatusError('Conflict', 'it is being removed')
  })
  await assert.rejects(open(), { reason: 'InternalError', message: 'it is being removed' })
  await end()
})

test('a node that does not answer is known to be away', async () => {
  const { open, clock, end, api } = joined(() => new Promise(() => {}))
  const opening = open()
  await Promise.all([
    assert.rejects(opening, { reason: 'ServiceUnavailable', message: 'node "a" does not answer' }),
    clock.advance(11_000),
  ])
  api.lose()
  await assert.rejects(open(), { reason: 'ServiceUnavailable' })
  void end()
})

test('a client that goes away ends what the node does for it', async () => {
  const gone = Promise.withResolvers<void>()
  const { open, end } = joined(async (_asked, stream) => {
    stream.confirm()
    stream.signal.addEventListener('abort', () => gone.resolve())
    await stream.ended
    return done
  })
  const stream = await open()
  stream.end({ type: 'Cancelled' })
  await gone.promise
  await end()
})

test('an end that falls silent, or a message that is lost, ends the stream at the other end', async () => {
  const outcomes: string[] = []
  const { open, end, clock, node, api } = joined(async (_asked, stream) => {
    stream.confirm()
    outcomes.push((await stream.ended).type)
    return done
  })
  const [silentOne, cut] = [await open(), await open()]
  node.lose()
  await clock.advance(30_000)
  assert.equal((await silentOne.ended).type, 'Lost')
  assert.equal((await cut.ended).type, 'Lost')
  node.find()
  await clock.advance(30_000)
  assert.deepEqual(outcomes, ['Lost', 'Lost'])
  const after = await open()
  api.lose()
  await after.write('stdin', bytes(10))
  api.find()
  await after.write('stdin', bytes(10))
  assert.equal((await after.ended).type, 'Lost')
  await end()
})

test('a node that was started anew says that it knows no such stream', async () => {
  const { hub, end } = joined(async () => done)
  const api = hub.connect('another')
  const heard = new Promise<Uint8Array>((resolve) => {
    api.subscribe(nodeStreamOf('a', 'old'), ({ data }) => resolve(data))
  })
  const alive = encodeStreamFrame({ stream: 'old', number: 5, content: { type: 'Alive' } })
  api.publish(nodeStreams('a'), alive)
  const { content } = decodeStreamFrame(await heard)
  assert.equal(content.type, 'End')
  await end()
})

test('what makes no sense is counted and refused; a bug ends who serves', async () => {
  const { api, malformed, served, open } = joined(async () => {
    throw new TypeError('a bug')
  })
  api.publish(nodeStreams('a'), bytes(3))
  const content = { type: 'Open', payload: Buffer.from('{"type":"Exec"}') } as const
  api.publish(nodeStreams('a'), encodeStreamFrame({ stream: 's', number: 0, content }))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(malformed.count, 2)
  void open().catch(() => undefined)
  await assert.rejects(served, TypeError)
})
