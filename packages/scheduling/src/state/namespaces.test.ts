import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Namespaces } from './namespaces.ts'

test('other labels are news once somebody asked for any', () => {
  const namespaces = new Namespaces()
  assert.equal(namespaces.set('red', { team: 'a' }), false)
  assert.deepEqual(namespaces.labelsOf('red'), { team: 'a' })
  assert.deepEqual(namespaces.labelsOf('blue'), {})
  assert.equal(namespaces.set('red', { team: 'a' }), false)
  assert.equal(namespaces.set('red', { team: 'b' }), true)
  assert.equal(namespaces.set('red'), true)
  assert.equal(namespaces.set('blue'), false)
})
