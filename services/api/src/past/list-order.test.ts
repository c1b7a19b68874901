import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listKeyOf, type StoredObject, savedText } from '@reckon/domain'
import { inListOrder, merged } from './list-order.ts'
import { SavedItem } from './past-item.ts'

/** An item of a ClusterRole (`/name`) or a ConfigMap (`namespace/name`). */
function itemOf(path: string): SavedItem {
  const slash = path.indexOf('/')
  const [namespace, name] = [path.slice(0, slash), path.slice(slash + 1)]
  const kind = namespace === '' ? 'clusterroles.rbac.authorization.k8s.io' : 'configmaps'
  const cause = { id: 'e', correlationId: 'c' }
  const stored: StoredObject = {
    object: {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name, ...(namespace && { namespace }) },
      data: { text: '","changes":' },
      changes: 7,
    } as StoredObject['object'],
    ...{ revision: 0n, position: 1n, changes: 0, last: cause, intent: cause },
  }
  const item = SavedItem.in(Buffer.from(savedText(`${kind}-${namespace}/${name}`, stored)))
  assert.equal(item.json.toString(), JSON.stringify(stored.object))
  assert.equal(item.key, listKeyOf(stored.object))
  return item
}

const names = ['', '/a', '/a"', '/a\\', '/a\u0001', '/aä', '/a\u{1f600}', '/a\uffee', '/a!', '/a ']
const paths = [
  ...['a/b', 'a/b-c', 'a/b.c', 'a/bc', 'a-b/a', 'a-b/c', 'a0/a', 'ab/a', 'a/a"b', 'a/a\\b'],
  ...['/a/', '/aa', '/a-b', '/a.b', '/A', '/system:node', ...names.filter((name) => name)],
]

test('what is said to be before another is so by its key, and plain names are said to be', () => {
  for (const [one, another] of paths.flatMap((one) => paths.map((other) => [one, other]))) {
    if (one?.startsWith('/') !== another?.startsWith('/')) continue
    const [a, b] = [itemOf(one ?? ''), itemOf(another ?? '')]
    const isBefore = a.key < b.key
    if (a.isSurelyBefore(b)) assert.ok(isBefore, `${one} before ${another}`)
    const arePlain = [a, b].every(({ key }) => /^[\w. :/-]*$/.test(key))
    if (arePlain) assert.equal(a.isSurelyBefore(b), isBefore, `${one} before ${another}`)
  }
})

test('items get into the order of their keys, whatever order they come in', () => {
  const ofNamespaces = paths.filter((path) => !path.startsWith('/'))
  for (const some of [ofNamespaces, ofNamespaces.toReversed(), paths.filter((p) => p[0] === '/')]) {
    const keys = inListOrder(some.map(itemOf)).map(({ key }) => key)
    assert.deepEqual(keys, keys.toSorted())
  }
})

test('items are left out by their places, and others come where their keys say', () => {
  const items = ['a/b', 'a/d', 'a/f', 'a/h'].map(itemOf)
  const keysOf = (without: readonly number[], others: readonly string[]) =>
    merged(items, { without: new Set(without), others: others.map(itemOf) }).map(({ key }) => key)
  assert.deepEqual(keysOf([], []), ['a b', 'a d', 'a f', 'a h'])
  assert.deepEqual(keysOf([1], ['a/d']), ['a b', 'a d', 'a f', 'a h'])
  assert.deepEqual(keysOf([0, 3], ['a/a', 'a/c', 'a/g', 'a/i']), [
    ...['a a', 'a c', 'a d', 'a f', 'a g', 'a i'],
  ])
  assert.deepEqual(keysOf([0, 1, 2, 3], ['a/b', 'a/z']), ['a b', 'a z'])
})
