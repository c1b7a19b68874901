import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fragmentOf, placeAt, placeOf, withQuery } from './place.ts'

test('a fragment and its place are one and the same', () => {
  const place = {
    path: ['pods', 'default', 'we/b'],
    query: { at: '48213@2026-01-01T00:00:00Z', q: 'a b' },
  }
  assert.deepEqual(placeOf(fragmentOf(place)), place)
  assert.equal(fragmentOf(place), '#/pods/default/we%2Fb?at=48213@2026-01-01T00:00:00Z&q=a+b')
})

test('nothing is the overview, and so is what the former dashboard called so', () => {
  assert.deepEqual(placeOf(''), { path: [], query: {} })
  assert.deepEqual(placeOf('#!/overview?namespace=demo'), { path: [], query: { ns: 'demo' } })
})

test('what is no encoding is taken as it is', () => {
  assert.deepEqual(placeOf('#/pods/%zz').path, ['pods', '%zz'])
})

test('another page shows the same moment, and none of the filter', () => {
  const place = placeOf('#/pods?at=7&q=web&ns=demo')
  assert.equal(fragmentOf(placeAt(place, ['nodes'], { ns: '' })), '#/nodes?at=7')
  assert.equal(fragmentOf(withQuery(place, { at: '' })), '#/pods?ns=demo&q=web')
})

test('a moment leads to no other path', () => {
  for (const text of ['..', '../api', '%2e%2e', '/x', '7/..']) {
    assert.deepEqual(placeOf(`#/pods?at=${text}&vs=${text}&ns=demo`).query, { ns: 'demo' }, text)
  }
  for (const text of ['7', '10m', '2026-01-01T00:00:00+02:00', '7@2026-01-01T00:00:00.5Z']) {
    const { at } = placeOf(`#/pods?at=${encodeURIComponent(text)}`).query
    assert.equal(at, text)
  }
})
