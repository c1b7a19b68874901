import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pods } from '@reckon/kubernetes'
import { isFullState } from './object-event.ts'
import { sealedOf } from './sealed-content.ts'

const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }
const sealed = { key: 'u', iv: 'i', data: 'd', tag: 't' }

const cases: [what: string, type: string, data: unknown, wanted: boolean][] = [
  ['a creation', 'PodCreated', { object }, true],
  ['a change alone', 'PodChanged', { patch: [] }, false],
  ['a change with the object', 'PodChanged', { patch: [], object }, true],
  ['a deletion', 'PodDeleted', { patch: [] }, true],
  ['a sealed change', 'PodChanged', { sealed }, false],
  ['a sealed change with the object', 'PodChanged', { sealed: { ...sealed, whole: true } }, true],
  ['what holds nothing', 'PodChanged', undefined, false],
  ['what holds null', 'PodChanged', null, false],
]
for (const [what, type, data, wanted] of cases) {
  test(`folding ${wanted ? 'can' : 'cannot'} begin at ${what}`, () =>
    assert.equal(isFullState(pods, { type, data }), wanted))
}

test('what is sealed has all its parts', () => {
  assert.deepEqual(sealedOf({ data: { sealed } }), sealed)
  assert.deepEqual(sealedOf({ data: { sealed: { ...sealed, whole: true } } }), {
    ...sealed,
    whole: true,
  })
  assert.deepEqual(sealedOf({ data: { sealed: { ...sealed, whole: 1 } } }), sealed)
  for (const part of ['key', 'iv', 'data', 'tag']) {
    assert.equal(sealedOf({ data: { sealed: { ...sealed, [part]: 1 } } }), undefined, part)
  }
  for (const data of [undefined, null, 'x', {}, { sealed: null }, { sealed: 'x' }]) {
    assert.equal(sealedOf({ data }), undefined)
  }
})
