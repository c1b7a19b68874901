import assert from 'node:assert/strict'
import { test } from 'node:test'
import { termBeganIn } from '../terms/term-began.ts'
import { MalformedMessages } from './malformed-messages.ts'
import { decodeHead } from './wire-head.ts'

const said = { kind: 'head', subject: 'head.events' }
const senseless = () => {
  throw new SyntaxError('it is no head')
}

test('what makes no sense is counted, told once for each kind and sender, and dropped', () => {
  const logged: object[] = []
  const logger = { info() {}, warn: (fields: object) => logged.push(fields) }
  const malformed = new MalformedMessages(logger)
  for (let n = 0; n < 3; n++) assert.equal(malformed.parsed(said, senseless), undefined)
  malformed.note({ ...said, subject: 'head.shared' }, 'it is no head')
  assert.equal(malformed.count, 4)
  assert.deepEqual(logged, [
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

test('a head that is none, and a term that is none, are no more than that', () => {
  const position = { position: '7' }
  for (const said of ['', null, 7, {}, { position: 7 }, position, { position: '', relay: 'a' }]) {
    const data = new TextEncoder().encode(said === '' ? '' : JSON.stringify(said))
    assert.throws(() => decodeHead({ data }), SyntaxError, String(said))
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
