import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type StoredObject, savedText } from '@reckon/domain'
import { configMaps, parseLabelSelector, pods, secrets } from '@reckon/kubernetes'
import { FoldedLists, listAround } from './folded-lists.ts'
import { SavedItem } from './past-item.ts'

const item = (namespace: string, name: string): SavedItem => {
  const cause = { id: 'e', correlationId: 'c' }
  const stored: StoredObject = {
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } },
    ...{ revision: 0n, position: 1n, changes: 0, last: cause, intent: cause },
  }
  return SavedItem.in(Buffer.from(savedText(`configmaps-${namespace}/${name}`, stored)))
}

const all = [item('a', 'x'), item('a', 'y'), item('b', 'z')]
const at = (position: bigint, range = {}) => ({ resource: configMaps, range, position })
const names = (lists: FoldedLists, past: Parameters<FoldedLists['get']>[0]) =>
  lists.get(past)?.map(({ object }) => object.metadata.name)

test('a list that was folded is found for itself and for each part of it, at its position alone', () => {
  const lists = new FoldedLists()
  lists.keep(at(7n), all)
  for (const range of [{}, { namespace: 'a' }, { labels: parseLabelSelector('app=db') }]) {
    assert.deepEqual(names(lists, at(7n, range)), ['x', 'y', 'z'])
  }
  assert.equal(names(lists, at(8n)), undefined)
  assert.equal(names(lists, { ...at(7n), resource: pods }), undefined)
  lists.keep(at(8n, { namespace: 'a' }), all.slice(0, 2))
  assert.deepEqual(names(lists, at(8n, { namespace: 'a' })), ['x', 'y'])
  assert.equal(names(lists, at(8n)), undefined)
})

test('what labels choose is not folded as a whole, nor what may be destroyed', () => {
  const labels = parseLabelSelector('app=db')
  assert.equal(listAround(at(7n, { labels })), undefined)
  assert.equal(listAround({ ...at(7n), resource: secrets }), undefined)
  const page = at(7n, { namespace: 'a', after: 'a x' })
  assert.deepEqual(listAround(page), at(7n, { namespace: 'a' }))
})

/** As many as three such lists take. */
const bytesMax = 3 * 1800

test('what was asked for longest ago goes first', () => {
  const lists = new FoldedLists(bytesMax)
  for (const position of [1n, 2n, 3n]) lists.keep(at(position), all)
  lists.get(at(1n))
  lists.keep(at(4n), all)
  const kept = [1n, 2n, 3n, 4n].filter((position) => lists.get(at(position)))
  assert.deepEqual(kept, [3n, 1n, 4n].toSorted())
  lists.keep(at(5n), [...all, ...all, ...all, ...all])
  assert.equal(lists.get(at(5n)), undefined)
})

test('lists of nothing are not kept without end', () => {
  const lists = new FoldedLists(bytesMax)
  for (let position = 1n; position <= 40n; position++) lists.keep(at(position), [])
  assert.equal(lists.get(at(12n)), undefined)
  assert.deepEqual(names(lists, at(40n)), [])
})
