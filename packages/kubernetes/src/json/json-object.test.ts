import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyOf, type JsonObject, setField } from './json-object.ts'

test('a copy is equal and shares nothing, whatever the fields are called', () => {
  const value = JSON.parse('{"a":[1,{"b":null}],"__proto__":{"c":2},"constructor":"d"}')
  value.large = 2n ** 60n
  const copy = copyOf(value)
  assert.deepEqual(copy, value)
  assert.deepEqual(Object.keys(copy), Object.keys(value))
  assert.equal(Object.getPrototypeOf(copy), Object.prototype)
  value.a[1].b = 'changed'
  assert.equal(copy.a[1].b, null)
})

test('a field of any name is set as data, and can be set again', () => {
  const object: JsonObject = {}
  for (const field of ['a', 'constructor', '__proto__', '__proto__'])
    setField(object, field, { x: 1 })
  assert.equal(JSON.stringify(object), '{"a":{"x":1},"constructor":{"x":1},"__proto__":{"x":1}}')
  assert.equal(Object.getPrototypeOf(object), Object.prototype)
})
