import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pods } from '@reckon/kubernetes'
import { storedOf } from '../stored-object.fixture.ts'
import { type Entry, ValueIndex } from './value-index.ts'

test('an object whose indexed part is the same as before costs only a comparison', () => {
  let computed = 0
  const index = new ValueIndex({
    part: ({ spec }) => spec,
    values: ({ metadata }) => {
      computed++
      return [metadata.name]
    },
  })
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: {} }
  const entry: Entry = {
    resource: pods,
    stream: 's',
    key: ' a',
    number: 1,
    stored: storedOf(object),
  }
  index.add(entry)
  entry.stored = storedOf({ ...object, status: {} })
  index.change(entry, object)
  assert.equal(computed, 1)
  assert.deepEqual([...index.of('a')], [entry])
  entry.stored = storedOf({ ...object, metadata: { name: 'b' }, spec: {} })
  index.change(entry, object)
  assert.deepEqual([index.of('a').size, [...index.of('b')]], [0, [entry]])
})
