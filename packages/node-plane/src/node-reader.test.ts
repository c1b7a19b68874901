import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oversizedHeader, positionHeader, previousHeader } from '@reckon/eventing'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { NodeReadRequest, NodeUpsert } from './node-message.ts'
import { runNodeReader } from './node-reader.ts'
import { nodeEvents, nodeHead, nodeRead } from './node-subjects.ts'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const upsert = (name: string): NodeUpsert => ({
  type: 'Upsert',
  resource: 'services',
  object: { apiVersion: 'v1', kind: 'Service', metadata: { name } } as KubernetesObject,
  cause: { id: name, correlationId: name },
})

/** A node's reader and an api that answers its reads with whatever `state` holds. */
async function connected() {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const api = hub.connect()
  const bus = hub.connect()
  const state = { position: 10n, names: ['web'], reads: 0, asked: '' }
  const answering = () =>
    api.subscribe(nodeRead('a'), (message) => {
      state.reads++
      state.asked =
        (JSON.parse(new TextDecoder().decode(message.data)) as NodeReadRequest).atLeast ?? ''
      const about = { position: String(state.position), cluster: 'c' }
      for (const name of state.names) message.respond(encode({ ...about, changes: [upsert(name)] }))
      message.respond(new Uint8Array())
    })
  const told: string[] = []
  const stop = new AbortController()
  const start = () =>
    runNodeReader(
      { bus, clock },
      'a',
      {
        onState: (position, { objects }) =>
          told.push(`${position} state ${objects.map(({ object }) => object.metadata.name)}`),
        onChanges: (position, changes) =>
          told.push(
            `${position} ${changes.map((change) => (change.type === 'Upsert' ? change.object.metadata.name : ''))}`,
          ),
      },
      stop.signal,
    )
  const publish = (position: number, previous: number, name: string) =>
    api.publish(nodeEvents('a'), encode({ changes: [upsert(name)] }), {
      [positionHeader]: String(position),
      [previousHeader]: String(previous),
    })
  const head = (position: number) =>
    api.publish(nodeHead('a'), encode({ position: String(position) }))
  return { api, bus, clock, state, answering, told, stop, start, publish, head }
}

test('reads everything, then follows the wire, and drops what is old', async () => {
  const { answering, start, stop, clock, publish, told } = await connected()
  answering()
  const reading = start()
  await clock.advance(0)
  publish(8, 5, 'old')
  publish(12, 9, 'db')
  publish(12, 9, 'db')
  publish(15, 12, 'cache')
  await clock.advance(0)
  assert.deepEqual(told, ['10 state web', '12 db', '15 cache'])
  stop.abort()
  await reading
})

test('reads again after a gap, as far as the gap reaches, and goes on with what came meanwhile', async () => {
  const { answering, start, stop, clock, publish, told, state } = await connected()
  answering()
  const reading = start()
  await clock.advance(0)
  Object.assign(state, { position: 20n, names: ['web', 'lost'] })
  publish(25, 20, 'next')
  await clock.advance(0)
  assert.deepEqual(told.slice(1), ['20 state web,lost', '25 next'])
  assert.equal(state.asked, '20')
  stop.abort()
  await reading
})

test('a head above what it has tells it of a lost last message', async () => {
  const { answering, start, stop, clock, head, told, state } = await connected()
  answering()
  const reading = start()
  await clock.advance(0)
  head(10)
  await clock.advance(0)
  assert.equal(state.reads, 1)
  Object.assign(state, { position: 30n, names: ['lost'] })
  head(30)
  await clock.advance(0)
  assert.deepEqual(told.slice(1), ['30 state lost'])
  stop.abort()
  await reading
})

test('what was too large for the wire is read', async () => {
  const { answering, api, start, stop, clock, told, state } = await connected()
  answering()
  const reading = start()
  await clock.advance(0)
  Object.assign(state, { position: 20n, names: ['large'] })
  const headers = { [positionHeader]: '20', [previousHeader]: '10', [oversizedHeader]: 'true' }
  api.publish(nodeEvents('a'), new Uint8Array(), headers)
  await clock.advance(0)
  assert.deepEqual(told.slice(1), ['20 state large'])
  stop.abort()
  await reading
})

test('does not go back when an api that lags answers', async () => {
  const { answering, start, stop, clock, head, told, state } = await connected()
  answering()
  const reading = start()
  await clock.advance(0)
  head(40)
  await clock.advance(300)
  assert.deepEqual(told, ['10 state web'])
  state.position = 40n
  await clock.advance(2_000)
  assert.deepEqual(told.slice(1), ['40 state web'])
  stop.abort()
  await reading
})

test('waits while no api is there, and reads again after a reconnect', async () => {
  const { answering, bus, start, stop, clock, head, told, state } = await connected()
  const reading = start()
  await clock.advance(1_000)
  assert.deepEqual(told, [])
  answering()
  await clock.advance(2_000)
  assert.deepEqual(told, ['10 state web'])
  bus.lose()
  bus.find()
  state.position = 11n
  head(10)
  await clock.advance(0)
  assert.deepEqual(told.slice(1), ['11 state web'])
  stop.abort()
  await reading
})
