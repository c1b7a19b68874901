import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from '../../decoding/decode.ts'
import { withDefaults } from '../../defaults.ts'
import { applyMergePatch } from '../../patching/merge-patch.ts'
import { applyStrategicMergePatch } from '../../patching/strategic-merge-patch.ts'
import { configMaps } from './config-maps.ts'

const text = (data: string) =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},${data}}`
const given = (data: string) => decode(configMaps, configMaps, { text: text(data) }).object
const odd = '"data":{"__proto__":"x","constructor":"y","toString":"z"}'

test('a key may be one that every JavaScript object inherits', () => {
  const object = withDefaults(configMaps, given(odd))
  assert.equal(`"data":${JSON.stringify(object.data)}`, odd)
  assert.deepEqual(configMaps.validate(object), [])
})

test('a key in both data and binaryData is refused', () => {
  const object = withDefaults(configMaps, given(`${odd},"binaryData":{"constructor":"eA=="}`))
  assert.deepEqual(
    configMaps.validate(object).map(({ field }) => field),
    ['data[constructor]'],
  )
})

test('patches set and remove such keys as any other', () => {
  const empty = withDefaults(configMaps, given('"data":{"a":"1"}'))
  const full = withDefaults(configMaps, given(odd))
  const wanted = { a: '1', ...full.data }
  const patch = JSON.parse(`{${odd}}`)
  const removal = JSON.parse('{"data":{"__proto__":null,"constructor":null,"toString":null}}')
  assert.equal(JSON.stringify(applyMergePatch(empty, patch).data), JSON.stringify(wanted))
  assert.deepEqual(applyMergePatch(full, removal).data, {})
  const strategic = applyStrategicMergePatch(configMaps, empty, patch)
  assert.equal(JSON.stringify(strategic.data), JSON.stringify(wanted))
  assert.deepEqual(applyStrategicMergePatch(configMaps, full, removal).data, {})
})

test('its data are at most 1 MiB together, counted in UTF-8', () => {
  const max = 1024 * 1024
  const fieldsOf = (data: Record<string, string>, binaryData: Record<string, string> = {}) =>
    configMaps
      .validate({ ...withDefaults(configMaps, given('"data":{}')), data, binaryData })
      .map(({ reason }) => reason)
  const [fits, tooLong] = [[], ['FieldValueTooLong']]
  assert.deepEqual(fieldsOf({ a: 'x'.repeat(max - 1), b: 'x' }), fits)
  assert.deepEqual(fieldsOf({ a: 'x'.repeat(max), b: 'x' }), tooLong)
  assert.deepEqual(fieldsOf({ a: '€'.repeat(max / 3) }), fits)
  assert.deepEqual(fieldsOf({ a: '€'.repeat(max / 3 + 1) }), tooLong)
  assert.deepEqual(fieldsOf({ a: '🦖'.repeat(max / 4) }), fits)
  assert.deepEqual(fieldsOf({ a: `${'🦖'.repeat(max / 4)}x` }), tooLong)
  assert.deepEqual(fieldsOf({ a: 'x'.repeat(max - 3) }, { b: 'eHh4' }), fits)
  assert.deepEqual(fieldsOf({ a: 'x'.repeat(max - 2) }, { b: 'eHh4' }), tooLong)
})
