import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredObject } from '@reckon/domain'
import { configMaps, parseLabelSelector, pods, secrets } from '@reckon/kubernetes'
import { FoldedLists } from './folded-lists.ts'

const stored = (namespace: string, name: string, app = 'web'): StoredObject => ({
  object: {
    ...{ apiVersion: 'v1', kind: 'ConfigMap' },
    metadata: { namespace, name, labels: { app } },
  },
  ...{ revision: 0n, position: 1n, changes: 0 },
  ...{ last: { id: 'e', correlationId: 'c' }, intent: { id: 'e', correlationId: 'c' } },
})

const all = [stored('a', 'x'), stored('a', 'y', 'db'), stored('b', 'z')]
const at = (position: bigint, range = {}) => ({ resource: configMaps, range, position })
const names = (lists: FoldedLists, past: Parameters<FoldedLists['get']>[0]) => {
  const found = lists.get(past)
  return found && [...found].map(({ object }) => object.metadata.name)
}

test('a list that was folded answers for itself and for each part of it, at its position alone', () => {
  const lists = new FoldedLists()
  lists.keep(at(7n), all)
  assert.deepEqual(names(lists, at(7n)), ['x', 'y', 'z'])
  assert.deepEqual(names(lists, at(7n, { namespace: 'a' })), ['x', 'y'])
  const labels = parseLabelSelector('app=db')
  assert.deepEqual(names(lists, at(7n, { namespace: 'a', labels })), ['y'])
  assert.equal(names(lists, at(8n)), undefined)
  assert.equal(names(lists, { ...at(7n), resource: pods }), undefined)
})

test('a part of a list is not kept, and no list of what may be destroyed', () => {
  const lists = new FoldedLists()
  lists.keep(at(7n, { labels: parseLabelSelector('app=db') }), [])
  lists.keep({ ...at(7n), resource: secrets }, all)
  assert.equal(lists.get(at(7n)), undefined)
  assert.equal(lists.get({ ...at(7n), resource: secrets }), undefined)
})

test('what was asked for longest ago goes first', () => {
  const lists = new FoldedLists(8)
  for (const position of [1n, 2n]) lists.keep(at(position), all)
  lists.get(at(1n))
  lists.keep(at(3n), all)
  const kept = [1n, 2n, 3n].filter((position) => lists.get(at(position)))
  assert.deepEqual(kept, [1n, 3n])
  lists.keep(at(4n), [...all, ...all, ...all])
  assert.equal(lists.get(at(4n)), undefined)
})

test('lists of nothing are not kept without end', () => {
  const lists = new FoldedLists(8)
  for (let position = 1n; position <= 20n; position++) lists.keep(at(position), [])
  assert.equal(lists.get(at(12n)), undefined)
  assert.deepEqual(names(lists, at(13n)), [])
})
