import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../schemas/schema.ts'
import { validateCustom } from './custom-validation.ts'

const list = { type: 'array', items: { type: 'object' } }
const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer' }

/** A rule, a value that keeps it, one that breaks it, and what is said of that. */
const rules: readonly [schema: Schema, kept: unknown, broken: unknown, said: RegExp][] = [
  [{ type: 'integer' }, 1, 'x', /must be of type integer: "string"/],
  [{ ...text, nullable: true }, null, 1, /must be of type string/],
  [{ ...text, enum: ['a', 'b'] }, 'a', 'c', /Unsupported value: "c": supported values: "a", "b"/],
  [{ ...text, pattern: '^a+$' }, 'aa', 'b', /should match '\^a\+\$'/],
  [{ ...text, format: 'ipv4' }, '192.0.2.1', 'x', /must be of type ipv4/],
  [{ ...text, minLength: 2 }, 'ab', 'a', /should be at least 2 chars long/],
  [{ ...text, maxLength: 1 }, 'a', 'ab', /may not be more than 1 bytes/],
  [{ ...count, minimum: 2 }, 2, 1, /should be greater than or equal to 2/],
  [{ ...count, minimum: 2, exclusiveMinimum: true }, 3, 2, /should be greater than 2/],
  [{ ...count, maximum: 2 }, 2, 3, /should be less than or equal to 2/],
  [{ ...count, maximum: 2, exclusiveMaximum: true }, 1, 2, /should be less than 2/],
  [{ ...count, multipleOf: 3 }, 6, 7, /should be a multiple of 3/],
  [{ type: 'array', items: count }, [1], ['x'], /v\[0\] in body must be of type integer/],
  [{ ...list, minItems: 1 }, [{}], [], /should have at least 1 items/],
  [{ ...list, maxItems: 1 }, [{}], [{}, {}], /must have at most 1 items/],
  [{ type: 'object', minProperties: 1 }, { a: 1 }, {}, /should have at least 1 properties/],
  [{ type: 'object', maxProperties: 1 }, { a: 1 }, { a: 1, b: 1 }, /must have at most 1 items/],
  [{ type: 'object', properties: { a: count } }, { a: 1 }, { a: 'x' }, /v\.a in body must be of/],
  [{ type: 'object', additionalProperties: count }, { a: 1 }, { a: 'x' }, /v\.a in body must be/],
  [{ type: 'object', required: ['a'] }, { a: 1 }, {}, /v\.a: Required value/],
  [{ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, ['a'], ['a', 'a'], /Duplicate/],
  [
    { ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
    [{ k: 1 }, { k: 2 }],
    [{ k: 1 }, { k: 1 }],
    /Duplicate value: {"k":1}/,
  ],
  [{ ...count, allOf: [{ minimum: 1 }, { maximum: 2 }] }, 2, 3, /less than or equal to 2/],
  [{ ...count, anyOf: [{ maximum: 1 }, { minimum: 5 }] }, 6, 3, /at least one schema \(anyOf\)/],
  [{ ...count, oneOf: [{ minimum: 1 }, { minimum: 5 }] }, 2, 6, /Found 2 valid alternatives/],
  [{ ...count, not: { minimum: 5 } }, 2, 6, /must not validate the schema \(not\)/],
]

for (const [schema, kept, broken, said] of rules) {
  test(`of ${JSON.stringify(schema)}, what breaks it is told with its field, and what keeps it is not`, () => {
    assert.deepEqual(validateCustom(schema, kept, 'v'), [])
    const [error, ...others] = validateCustom(schema, broken, 'v')
    assert.match(`${error?.field}: ${error?.message}`, said)
    assert.deepEqual(others, [])
  })
}
