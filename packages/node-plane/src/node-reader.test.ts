import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeFrames, type Message } from '@reckon/eventing/bus'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import type { NodeUpsert } from './node-message.ts'
import { NodeReader } from './node-reader.ts'
import { nodeEvents, nodeHead, nodeRead } from './node-subjects.ts'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const upsert = (name: string): NodeUpsert => ({
  type: 'Upsert',
  resource: 'pods',
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name } },
  cause: { id: name, correlationId: name },
})

const settings = {
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  domain: 'cluster.local',
  clusterDns: '169.254.20.10',
}

/** A node's reader and an api that answers its reads with whatever `state` holds, a page for each name. */
function connected() {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const [api, bus] = [hub.connect(), hub.connect()]
  const state = { position: 10n, names: ['web'], reads: 0, lost: [] as number[] }
  const pages = (read: string) =>
    state.names.map((name, index) =>
      encode({
        read,
        page: index + 1,
        pages: state.names.length,
        position: String(state.position),
        cluster: 'c',
        settings,
        changes: [upsert(name)],
      }),
    )
  const answer = (message: Message) => {
    const all = pages(`read ${++state.reads}`)
    for (const [index, page] of all.entries()) {
      if (!state.lost.includes(index)) message.respond(page)
    }
    message.respond(new Uint8Array())
  }
  const answering = (how = answer) => api.subscribe(nodeRead('a'), how)
  const received: string[] = []
  const warned: string[] = []
  const stop = new AbortController()
  const log = { info() {}, warn: (_: object, message: string) => warned.push(message) }
  const reader = new NodeReader(
    { bus, clock, log },
    { node: 'a', wire: 'Own' },
    {
      onState: ({ position, objects }) =>
        received.push(`${position} state ${objects.map(({ object }) => object.metadata.name)}`),
      onChanges: (position, changes) =>
        received.push(
          `${position} ${changes.map((change) => (change.type === 'Upsert' ? change.object.metadata.name : ''))}`,
        ),
    },
  )
  const start = () => reader.run(stop.signal)
  const publish = (position: bigint, previous: bigint, name: string) => {
    const content = encode({ changes: [upsert(name)] })
    api.publish(nodeEvents('a'), encodeFrames([{ position, previous, content }]))
  }
  const head = (position: number) =>
    api.publish(nodeHead('a'), encode({ position: String(position) }))
  return {
    api,
    bus,
    clock,
    state,
    pages,
    answering,
    received,
    warned,
    stop,
    reader,
    start,
    publish,
    head,
  }
}

test('reads everything, then follows the wire, and drops what is old', async () => {
  const { answering, start, stop, clock, publish, received } = connected()
  answering()
  const reading = start()
  await clock.advance(0)
  publish(8n, 5n, 'old')
  publish(12n, 9n, 'db')
  publish(12n, 9n, 'db')
  publish(15n, 12n, 'cache')
  await clock.advance(0)
  assert.deepEqual(received, ['10 state web', '12 db', '15 cache'])
  stop.abort()
  await reading
})

test('who asks for it is told everything anew, by a read that began later', async () => {
  const { answering, start, stop, clock, received, reader } = connected()
  answering()
  const reading = start()
  await clock.advance(0)
  const again = reader.readAgain().then(() => received.push('again'))
  await clock.advance(0)
  await again
  assert.deepEqual(received, ['10 state web', '10 state web', 'again'])
  stop.abort()
  await reading
})

test('reads again after a gap, and goes on with what came meanwhile', async () => {
  const { answering, start, stop, clock, publish, received, state } = connected()
  answering()
  const reading = start()
  await clock.advance(0)
  Object.assign(state, { position: 20n, names: ['web', 'lost'] })
  publish(25n, 20n, 'next')
  await clock.advance(0)
  assert.deepEqual(received.slice(1), ['20 state web,lost', '25 next'])
  stop.abort()
  await reading
})

test('what is not among the pages that came is not gone: the node keeps what it has and reads again', async () => {
  const { answering, start, stop, clock, publish, received, state } = connected()
  Object.assign(state, { names: ['one', 'two', 'three'] })
  answering()
  const reading = start()
  await clock.advance(0)
  for (const lost of [0, 1, 2]) {
    Object.assign(state, { position: state.position + 10n, lost: [lost] })
    publish(state.position + 1n, state.position, 'next')
    await clock.advance(150)
    assert.equal(received.length, lost + 1, `page ${lost + 1} is missing`)
    state.lost = []
    await clock.advance(4_000)
    assert.match(received.at(-1) ?? '', /state one,two,three|next/)
    received.length = lost + 2
  }
  stop.abort()
  await reading
})

test('pages that come twice, in another order, or of two answers make one whole answer', async () => {
  const { answering, start, stop, clock, received, state, pages } = connected()
  Object.assign(state, { names: ['one', 'two'] })
  answering((message) => {
    const [first = message.data, second = message.data] = pages('a')
    const [other = message.data] = pages('b')
    for (const page of [second, other, second, first]) message.respond(page)
    message.respond(new Uint8Array())
  })
  const reading = start()
  await clock.advance(0)
  assert.deepEqual(received, ['10 state one,two'])
  stop.abort()
  await reading
})

test('a head above what it has tells it of a lost last message', async () => {
  const { answering, start, stop, clock, head, received, state } = connected()
  answering()
  const reading = start()
  await clock.advance(0)
  head(10)
  await clock.advance(300)
  assert.equal(state.reads, 1)
  Object.assign(state, { position: 30n, names: ['lost'] })
  head(30)
  await clock.advance(300)
  assert.deepEqual(received.slice(1), ['30 state lost'])
  stop.abort()
  await reading
})

test('what was too large for the wire is read', async () => {
  const { answering, api, start, stop, clock, received, state } = connected()
  answering()
  const reading = start()
  await clock.advance(0)
  Object.assign(state, { position: 20n, names: ['large'] })
  const entry = { position: 20n, previous: 10n, content: undefined }
  api.publish(nodeEvents('a'), encodeFrames([entry]))
  await clock.advance(0)
  assert.deepEqual(received.slice(1), ['20 state large'])
  stop.abort()
  await reading
})

test('does not go back when an api that lags answers', async () => {
  const { answering, start, stop, clock, publish, head, received, state } = connected()
  answering()
  const reading = start()
  await clock.advance(0)
  publish(40n, 10n, 'newer')
  await clock.advance(0)
  head(50)
  await clock.advance(300)
  assert.deepEqual(received, ['10 state web', '40 newer'])
  Object.assign(state, { position: 50n })
  await clock.advance(2_000)
  assert.deepEqual(received.slice(2), ['50 state web'])
  stop.abort()
  await reading
})

test('waits while no api is there, and reads again after a reconnect and in silence', async () => {
  const { answering, bus, start, stop, clock, received, state } = connected()
  const reading = start()
  await clock.advance(1_000)
  assert.deepEqual(received, [])
  answering()
  await clock.advance(2_000)
  assert.deepEqual(received, ['10 state web'])
  bus.lose()
  bus.find()
  state.position = 11n
  await clock.advance(1_000)
  assert.deepEqual(received.slice(1), ['11 state web'])
  state.position = 12n
  await clock.advance(25_000)
  assert.deepEqual(received.slice(2), ['12 state web'])
  stop.abort()
  await reading
})

test('messages and pages that make no sense are dropped, told once, and end nothing', async () => {
  const { answering, api, start, stop, clock, received, warned, publish, state, pages } =
    connected()
  const order = { position: 12n, previous: 10n }
  const valid = { type: 'Upsert', resource: 'pods', object: upsert('x').object, cause: {} }
  answering((message) => {
    for (const page of ['', '{}', '[]', '{"page":1}']) {
      message.respond(new TextEncoder().encode(page || 'null'))
    }
    for (const page of pages('r')) message.respond(page)
    message.respond(new Uint8Array())
  })
  const reading = start()
  await clock.advance(0)
  for (const said of [{}, null, 7, { changes: 1 }, { changes: [null] }, { changes: [{}] }]) {
    api.publish(nodeEvents('a'), encodeFrames([{ ...order, content: encode(said) }]))
  }
  for (const change of [valid, { ...valid, object: {} }, { ...valid, type: 'Other' }]) {
    const content = encode({ changes: [change] })
    api.publish(nodeEvents('a'), encodeFrames([{ ...order, content }]))
  }
  api.publish(nodeEvents('a'), encode({ changes: [] }))
  const sound = encodeFrames([{ ...order, content: encode({ changes: [] }) }])
  api.publish(nodeEvents('a'), sound.subarray(0, -1))
  api.publish(nodeEvents('a'), new Uint8Array())
  for (const said of [{}, null, { position: 'x' }, { position: 12 }, { position: '-1' }]) {
    api.publish(nodeHead('a'), encode(said))
  }
  await clock.advance(0)
  publish(12n, 10n, 'db')
  await clock.advance(0)
  assert.deepEqual(received, ['10 state web', '12 db'])
  assert.equal(warned.length, 3)
  assert.equal(state.reads, 0)
  stop.abort()
  await reading
})
