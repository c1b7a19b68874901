import assert from 'node:assert/strict'
import test from 'node:test'
import { applyJsonPatch, checkJsonPatch, createJsonPatch } from './json-patch.ts'
import { applyMergePatch } from './merge-patch.ts'
import { isRefusal } from './status-error.ts'

const before = { metadata: { labels: { a: '1', b: '2' } }, list: [1, 2, 3], text: 'x' }

test('a patch made from two objects leads from one to the other and changes neither', () => {
  const after = { metadata: { labels: { b: '3', 'c/d~e': '4' } }, list: [0, 1, 3], more: null }
  const [first, second] = [structuredClone(before), structuredClone(after)]
  const patch = createJsonPatch(before, after)
  assert.deepEqual(applyJsonPatch<unknown>(before, patch), after)
  assert.deepEqual([before, after], [first, second])
  assert.deepEqual(createJsonPatch(before, after), patch)
  assert.deepEqual(createJsonPatch(before, structuredClone(before)), [])
})

test('what a patch does not touch is shared, what it touches is not', () => {
  const object = { kept: { a: 1 }, list: [{ n: 1 }, { n: 2 }] }
  const patch = [
    { op: 'replace', path: '/list/1/n', value: 3 },
    { op: 'remove', path: '/list/0' },
    { op: 'move', from: '/kept/a', path: '/list/0/m' },
  ] as const
  const after = applyJsonPatch<object>(object, patch)
  assert.deepEqual(after, { kept: {}, list: [{ n: 3, m: 1 }] })
  assert.deepEqual(object, { kept: { a: 1 }, list: [{ n: 1 }, { n: 2 }] })
  const added = applyJsonPatch<typeof object>(object, [{ op: 'add', path: '/list/-', value: {} }])
  assert.equal(added.kept, object.kept)
  assert.equal(added.list[0], object.list[0])
})

test('names that mean something to JavaScript are data like any other', () => {
  const to = { data: JSON.parse('{"constructor":{"a":1},"prototype":"x"}') }
  const from = { data: { constructor: { a: 2 } } }
  assert.deepEqual(applyJsonPatch<unknown>(from, createJsonPatch(from, to)), to)
})

test('very long lists are replaced whole instead of being compared without end', () => {
  const from = { list: Array.from({ length: 500 }, (_, i) => i) }
  const to = { list: from.list.toReversed() }
  const patch = createJsonPatch(from, to)
  assert.equal(patch.length, 1)
  assert.deepEqual(applyJsonPatch(from, patch), to)
})

test('a failing test, a missing path and a strange patch are refused', () => {
  const refused = (patch: unknown, reason: 'Invalid' | 'BadRequest') =>
    assert.throws(
      () => {
        checkJsonPatch(patch as never)
        applyJsonPatch(before, patch as never)
      },
      (error) => isRefusal(error, reason),
    )
  refused([{ op: 'test', path: '/text', value: 'y' }], 'Invalid')
  refused([{ op: 'remove', path: '/none/there' }], 'Invalid')
  refused([{ op: 'explode', path: '/text' }], 'Invalid')
  refused([{ op: 'add', path: '/__proto__/x', value: 1 }], 'Invalid')
  refused([{ op: 'copy', from: '/a/constructor', path: '/x' }], 'Invalid')
  refused([{ op: 'add', path: 'text', value: 1 }], 'Invalid')
  refused({ op: 'add' }, 'BadRequest')
  refused(['add'], 'BadRequest')
})

test('a refusal names the operation and its path', () => {
  const message = /error in our request: test \/text: the value is another$/
  assert.throws(() => applyJsonPatch(before, [{ op: 'test', path: '/text', value: 'y' }]), message)
})

test('a patch nested beyond all reason is refused, not walked', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
  const isBad = (error: unknown) => isRefusal(error, 'BadRequest')
  assert.throws(() => applyMergePatch(before, deep), isBad)
  assert.throws(() => checkJsonPatch([{ op: 'add', path: '/x', value: deep }]), isBad)
})

test('the whole document can be replaced', () => {
  assert.deepEqual(
    applyJsonPatch<unknown>(before, [{ op: 'replace', path: '', value: { new: true } }]),
    { new: true },
  )
})

test('a merge patch merges objects, removes by null and replaces lists', () => {
  const patch = { metadata: { labels: { a: null, c: '5' } }, list: [9], new: { deep: { x: 1 } } }
  assert.deepEqual(applyMergePatch(before, patch), {
    metadata: { labels: { b: '2', c: '5' } },
    list: [9],
    text: 'x',
    new: { deep: { x: 1 } },
  })
  assert.deepEqual(before.list, [1, 2, 3])
  assert.throws(
    () => applyMergePatch(before, []),
    (error) => isRefusal(error, 'BadRequest'),
  )
})
