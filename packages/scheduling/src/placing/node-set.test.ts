import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeSet, placeAmong, SomeNodes } from './node-set.ts'

function setOf(...places: readonly number[]): NodeSet {
  const set = new NodeSet(100)
  for (const place of places) set.add(place)
  return set
}

/** All that are in one of these, by their ranks. */
function placesIn(...parts: readonly SomeNodes[]): number[] {
  const places: number[] = []
  for (let place = placeAmong(parts, 0); place >= 0; place = placeAmong(parts, places.length)) {
    places.push(place)
  }
  return places
}

const allOf = (nodes: NodeSet): SomeNodes => new SomeNodes(nodes, [])

test('nodes are found by their rank, the last one too', () => {
  const all = Array.from({ length: 100 }, (_, place) => place)
  for (const places of [[], [0], [31], [0, 31], [3, 4, 17, 30], [31, 32, 95, 96, 99], all]) {
    assert.deepEqual(placesIn(allOf(setOf(...places))), places)
  }
})

test('a set knows who was added and not deleted', () => {
  const set = setOf(0, 31, 32, 99, 32)
  set.delete(31)
  set.delete(50)
  assert.deepEqual(placesIn(allOf(set)), [0, 32, 99])
})

test('a node of several sets counts once, and not where it is hidden in all that have it', () => {
  const [some, others] = [setOf(1, 40), setOf(2, 40, 70, 99)]
  for (const hidden of [setOf(1, 40, 70), [1, 40, 70]]) {
    assert.deepEqual(placesIn(allOf(some), new SomeNodes(others, hidden)), [1, 2, 40, 99])
  }
  assert.deepEqual(
    placesIn(allOf(setOf(31, 70)), allOf(some), allOf(others)),
    [1, 2, 31, 40, 70, 99],
  )
  for (const hidden of [some, [1, 40]]) assert.deepEqual(placesIn(new SomeNodes(some, hidden)), [])
  assert.deepEqual(placesIn(), [])
})
