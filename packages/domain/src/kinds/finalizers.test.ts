import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withFinalizer, withoutFinalizer } from './finalizers.ts'

const object = (finalizers?: string[]) => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolume' },
  metadata: { name: 'v', ...(finalizers && { finalizers }) },
})

test('a finalizer stands once, beside others', () => {
  assert.deepEqual(withFinalizer(object(), 'own'), object(['own']))
  assert.deepEqual(withFinalizer(object(['other']), 'own'), object(['other', 'own']))
  const having = object(['own', 'other'])
  assert.equal(withFinalizer(having, 'own'), having)
})

test('a finalizer goes and the others stay; after the last one there is no list', () => {
  assert.deepEqual(withoutFinalizer(object(['own', 'other']), 'own'), object(['other']))
  assert.deepEqual(withoutFinalizer(object(['own']), 'own'), object())
})
