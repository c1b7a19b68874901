import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldChanges } from './compare-objects.ts'

test('fields are told as deep as they go, those of lists by their names', () => {
  const before = {
    metadata: { name: 'web', resourceVersion: '7', labels: { a: '1', b: '2' } },
    spec: { replicas: 1, containers: [{ name: 'c', image: 'web:1' }], args: ['x', 'y'] },
  }
  const after = {
    metadata: { name: 'web', resourceVersion: '8', labels: { a: '1', c: '3' } },
    spec: { replicas: 2, containers: [{ name: 'c', image: 'web:2' }, { name: 'd' }], args: ['x'] },
  }
  assert.deepEqual(fieldChanges(before, after), [
    { field: 'metadata.labels.b', from: '2' },
    { field: 'metadata.labels.c', to: '3' },
    { field: 'spec.replicas', from: 1, to: 2 },
    { field: 'spec.containers[c].image', from: 'web:1', to: 'web:2' },
    { field: 'spec.containers[d]', to: { name: 'd' } },
    { field: 'spec.args[1]', from: 'y' },
  ])
})

test('nothing is otherwise between equal ones, and a whole is told where its form is another', () => {
  assert.deepEqual(fieldChanges({ a: [1, { b: null }] }, { a: [1, { b: null }] }), [])
  assert.deepEqual(fieldChanges({ a: { b: 1 } }, { a: 'text' }), [
    { field: 'a', from: { b: 1 }, to: 'text' },
  ])
})
