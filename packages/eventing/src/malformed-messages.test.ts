import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MalformedMessages } from './malformed-messages.ts'
import { termBeganIn } from './term-began.ts'
import { decodeHead, decodeWireEvent } from './wire-event.ts'
import { decodeOrder } from './wire-order.ts'

const said = { kind: 'head', subject: 'head.events' }
const senseless = () => {
  throw new SyntaxError('it is no head')
}

test('what makes no sense is counted, told once for each kind and sender, and dropped', () => {
  const told: object[] = []
  const logger = { info() {}, warn: (fields: object) => told.push(fields) }
  const malformed = new MalformedMessages(logger)
  for (let n = 0; n < 3; n++) assert.equal(malformed.parsed(said, senseless), undefined)
  malformed.note({ ...said, subject: 'head.shared' }, 'it is no head')
  assert.equal(malformed.count, 4)
  assert.deepEqual(told, [
    { ...said, reason: 'it is no head' },
    { ...said, subject: 'head.shared', reason: 'it is no head' },
  ])
  assert.equal(
    malformed.parsed(said, () => 7),
    7,
  )
})

test('a bug is no message that makes no sense', () => {
  const malformed = new MalformedMessages({ info() {}, warn() {} })
  const bug = () => {
    throw new TypeError('a bug')
  }
  assert.throws(() => malformed.parsed(said, bug), TypeError)
  assert.throws(() => malformed.taken(said, () => 1, senseless), SyntaxError)
})

const message = (data: string, headers: Record<string, string> = {}) => ({
  subject: 'events.pods',
  headers,
  data: new TextEncoder().encode(data),
  respond() {},
})

test('nothing on the trusted wire is taken for more than it is', () => {
  const positions = { Position: '7', Previous: '-' }
  const event = { id: 'i', type: 'T', stream: 's-1', revision: '0', data: {} }
  const wrong = [
    ['', positions],
    ['null', positions],
    ['[]', positions],
    ['{}', positions],
    [JSON.stringify({ ...event, revision: 0 }), positions],
    [JSON.stringify({ ...event, id: 7 }), positions],
    [JSON.stringify({ ...event, stream: '' }), positions],
    [JSON.stringify({ ...event, metadata: 'x' }), positions],
    [JSON.stringify({ ...event, metadata: { actor: {} } }), positions],
    [JSON.stringify(event), {}],
    [JSON.stringify(event), { Position: '7' }],
    [JSON.stringify(event), { ...positions, Position: '-7' }],
    [JSON.stringify(event), { ...positions, Position: '7'.repeat(400) }],
  ] as const
  for (const [data, headers] of wrong) {
    assert.throws(() => decodeWireEvent(message(data, headers)), SyntaxError, data)
  }
  assert.equal(decodeWireEvent(message(JSON.stringify(event), positions)).content?.id, 'i')
  assert.throws(() => decodeOrder(message('')), SyntaxError)
  for (const data of ['', 'null', '7', '{}', '{"position":7}', '{"position":""}']) {
    assert.throws(() => decodeHead(message(data)), SyntaxError, data)
  }
  for (const term of [
    null,
    {},
    { term: 0, holder: 'h' },
    { term: 1 },
    { term: '1', holder: 'h' },
  ]) {
    assert.throws(() => termBeganIn(term), SyntaxError)
  }
})
