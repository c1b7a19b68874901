import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bitAt, bitCount, NodeSet } from './node-set.ts'

test('the bits of a word are counted, and found by their rank, the last one too', () => {
  for (const places of [
    [],
    [0],
    [31],
    [0, 31],
    [3, 4, 17, 30],
    Array.from({ length: 32 }, (_, n) => n),
  ]) {
    const set = new NodeSet(32)
    for (const place of places) set.add(place)
    const [word = 0] = set.words
    assert.equal(bitCount(word), places.length)
    assert.deepEqual(
      places.map((_, rank) => bitAt(word, rank)),
      places,
    )
  }
})

test('a set knows who was added and not deleted', () => {
  const set = new NodeSet(100)
  for (const place of [0, 31, 32, 99]) set.add(place)
  set.add(32)
  set.delete(31)
  set.delete(50)
  assert.deepEqual([...set.words], [1, 1, 0, 8])
})
