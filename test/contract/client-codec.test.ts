import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { caughtUp, largePosition, openGeneratedStore, reading } from './generated-store.ts'

let store: Awaited<ReturnType<typeof openGeneratedStore>>
let client: EventStoreDBClient
before(async () => {
  store = await openGeneratedStore()
  client = EventStoreDBClient.connectionString(store.url)
})
beforeEach(() => {
  store.requests.splice(0)
  store.readings.splice(0)
})
after(async () => {
  await client.dispose()
  store.close()
})

const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64')
const grownUp = { who: 'Zoë', emoji: '🦖', list: [1, null] }

test('the protocol’s own code reads what the client sends', async () => {
  const [json, binary] = [randomUUID(), randomUUID()]
  const events = [
    jsonEvent({ id: json, type: 'Größe', data: grownUp, metadata: { because: 'ß' } }),
    binaryEvent({ id: binary, type: 'Blob', data: Uint8Array.of(0, 255), metadata: grownUp }),
    jsonEvent({ type: 'Bare', data: {} }),
  ]
  const before = Date.now()
  await client.appendToStream('pods-ä/1', events, { expectedRevision: 300n, deadline: 5000 })
  assert.equal(store.requests.length, 1)
  const [request] = store.requests
  assert.ok(request?.isFinal)
  assert.equal(request.options?.streamIdentifier?.streamName, base64('pods-ä/1'))
  assert.equal(request.options?.streamPosition, '300')
  const { seconds = 0, nanos = 0 } = request.options?.deadline ?? {}
  const deadline = seconds * 1000 + nanos / 1e6
  assert.ok(deadline >= before + 5000 && deadline <= Date.now() + 5000)
  const [first, second, third] = request.proposedMessagesList
  assert.deepEqual(first && { ...first, metadataMap: Object.fromEntries(first.metadataMap) }, {
    id: { string: json, structured: undefined },
    metadataMap: { type: 'Größe', 'content-type': 'application/json' },
    customMetadata: base64('{"because":"ß"}'),
    data: base64(JSON.stringify(grownUp)),
  })
  assert.equal(second?.id?.string, binary)
  assert.equal(second.data, base64(Uint8Array.of(0, 255)))
  assert.equal(second.customMetadata, base64(JSON.stringify(grownUp)))
  assert.equal(third?.customMetadata, '')
})

for (const [expectedRevision, field] of [
  ['no_stream', 'noStream'],
  ['any', 'any'],
  ['stream_exists', 'streamExists'],
] as const) {
  test(`it expects ${expectedRevision} in the protocol’s words`, async () => {
    await client.appendToStream('a', jsonEvent({ type: 'A', data: {} }), { expectedRevision })
    assert.deepEqual(store.requests[0]?.options?.[field], {})
    assert.equal(store.requests[0]?.options?.streamPosition, '0')
  })
}

test('an append above the size of a batch goes in several, the last of which says so', async () => {
  const events = Array.from({ length: 5 }, (_, n) =>
    jsonEvent({ type: `N${n}`, data: 'x'.repeat(400) }),
  )
  await client.appendToStream('large', events, { batchAppendSize: 1000 })
  const { requests } = store
  assert.deepEqual(
    requests.map(({ isFinal }) => isFinal),
    [false, false, true],
  )
  assert.deepEqual(
    requests.map(({ options }) => options !== undefined),
    [true, false, false],
  )
  assert.equal(new Set(requests.map(({ correlationId }) => correlationId?.string)).size, 1)
  const sent = requests.flatMap(({ proposedMessagesList }) => proposedMessagesList)
  assert.deepEqual(
    sent.map(({ metadataMap }) => new Map(metadataMap).get('type')),
    ['N0', 'N1', 'N2', 'N3', 'N4'],
  )
})

for (const form of ['String', 'Structured'] as const) {
  test(`it takes an answer whose id comes as ${form}, and positions of all 64 bits`, async () => {
    store.answers.form = form
    const done = await client.appendToStream('a', jsonEvent({ type: 'A', data: {} }))
    assert.deepEqual(done, {
      success: true,
      nextExpectedRevision: 300n,
      position: { commit: largePosition, prepare: largePosition - 1n },
    })
  })
}

const json = 'application/json'

for (const form of ['String', 'Structured'] as const) {
  test(`it takes an event whose id comes as ${form}, with numbers of all 64 bits`, async () => {
    const id = randomUUID()
    const sent = { id, form, stream: 'pods-ä/1', contentType: json, data: '{"a":"ß"}' }
    store.readings.push(reading({ ...sent, metadata: '{"because":1}' }))
    const [resolved, ...others] = await Array.fromAsync(client.readAll())
    assert.equal(others.length, 0)
    assert.equal(resolved?.commitPosition, largePosition)
    assert.equal(resolved.link, undefined)
    const { event } = resolved
    assert.ok(event)
    assert.deepEqual(
      [event.id, event.streamId, event.type, event.isJson, event.revision, event.created.getTime()],
      [id, 'pods-ä/1', 'Größe', true, 2n ** 53n + 1n, 1_700_000_000_123],
    )
    assert.deepEqual(event.position, { commit: largePosition, prepare: largePosition - 1n })
    assert.deepEqual(event.data, { a: 'ß' })
    assert.deepEqual(event.metadata, { because: 1 })
    assert.equal(event.data, event.data)
  })
}

test('it takes what is no JSON as it is, and a link with what it leads to', async () => {
  const sent = { id: randomUUID(), stream: 's', contentType: 'application/octet-stream' }
  const link = { ...sent, id: randomUUID(), data: '3@s', metadata: 'nonsense' }
  store.readings.push(
    reading({ ...sent, data: Uint8Array.of(0, 255) }, link),
    reading({ ...sent, contentType: json, data: '{' }),
  )
  const [first, second] = await Array.fromAsync(client.readStream('s'))
  assert.deepEqual(first?.event?.data, Uint8Array.of(0, 255))
  assert.equal(first.event.isJson, false)
  assert.equal(first.event.metadata, undefined)
  assert.equal(first.link?.id, link.id)
  assert.deepEqual(first.link.metadata, new Uint8Array(Buffer.from('nonsense')))
  assert.equal(second?.event?.data, '{')
})

test('a subscriber hears events and that it has caught up', async () => {
  const sent = { id: randomUUID(), stream: 's', contentType: json, data: '{}' }
  store.readings.push(reading(sent), caughtUp(), reading({ ...sent, id: randomUUID() }))
  const subscription = client.subscribeToAll()
  let marks = 0
  subscription.on('caughtUp', () => marks++)
  const heard = await Array.fromAsync(subscription)
  assert.deepEqual([heard.length, marks], [2, 1])
})
