import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeSet } from './node-set.ts'

function setOf(...places: readonly number[]): NodeSet {
  const set = new NodeSet(100)
  for (const place of places) set.add(place)
  return set
}

/** All that are in it, by their ranks. */
function placesIn(set: NodeSet): number[] {
  const places: number[] = []
  for (let place = set.placeAt(0); place >= 0; place = set.placeAt(places.length)) {
    places.push(place)
  }
  return places
}

test('nodes are found by their rank, the last one too', () => {
  const all = Array.from({ length: 100 }, (_, place) => place)
  for (const places of [[], [0], [31], [0, 31], [3, 4, 17, 30], [31, 32, 95, 96, 99], all]) {
    assert.deepEqual(placesIn(setOf(...places)), places)
  }
})

test('a set knows who was added and not deleted', () => {
  const set = setOf(0, 31, 32, 99, 32)
  set.delete(31)
  set.delete(50)
  assert.deepEqual(placesIn(set), [0, 32, 99])
})

test('others are added, but for those that are hidden among them', () => {
  const set = setOf(1, 40)
  set.addAll(setOf(2, 40, 70, 99), setOf(1, 70))
  assert.deepEqual(placesIn(set), [1, 2, 40, 99])
  set.addAll(setOf(31, 70))
  assert.deepEqual(placesIn(set), [1, 2, 31, 40, 70, 99])
})
