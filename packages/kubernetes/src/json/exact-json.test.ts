import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkExact, isPlain, parseJson } from './exact-json.ts'

test('an integer that a number cannot hold is a bigint, every other value what JSON makes of it', () => {
  const read = (text: string) => parseJson(`{"a":${text}}`)
  assert.deepEqual(read('9223372036854775807'), { a: 9223372036854775807n })
  assert.deepEqual(read('-9007199254740993'), { a: -9007199254740993n })
  assert.deepEqual(read(' 9007199254740991'), { a: 2 ** 53 - 1 })
  assert.deepEqual(read('[1, 9007199254740993]'), { a: [1, 9007199254740993n] })
  for (const text of ['0.1234567890123456789', '1e100', '"9223372036854775807"', '1.5', '-0']) {
    assert.deepEqual(read(text), JSON.parse(`{"a":${text}}`))
  }
})

test('a fraction that would become a whole number is refused', () => {
  assert.throws(() => parseJson('{"a":1.00000000000000000001}'), { code: 400, message: /field a/ })
  assert.deepEqual(parseJson('{"a":1.0000000000000000}'), { a: 1 })
})

test('a patch with an integer that cannot be kept is refused with its field', () => {
  checkExact({ spec: { list: [1, '2', null] } })
  assert.throws(() => checkExact({ spec: { list: [1, 9007199254740993n] } }), {
    code: 422,
    message: /spec\.list\[1\]: Invalid value: 9007199254740993: must be between/,
  })
})

test('a text is plain where its value is written just so; then no field is there twice', () => {
  const plain = (text: string) => isPlain(text, parseJson(text))
  assert.ok(plain('{"a":[1,"\u00e4",null],"b":{}}'))
  assert.ok(plain('{"a":1}\n'))
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":{"b":1,"c":2,"b":1}}',
    '{ "a": 1 }',
    '{"a":1.0}',
    '{"a":12345678901234567890}',
  ]) {
    assert.ok(!plain(text), text)
  }
})
