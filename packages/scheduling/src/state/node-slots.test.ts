import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeSlots } from './node-slots.ts'

const namesIn = (slots: NodeSlots) =>
  Array.from(slots.order.subarray(0, slots.count), (slot) => slots.nameOf(slot))

test('nodes are listed by name, in whichever order they come and go', () => {
  const slots = new NodeSlots()
  for (const name of ['m', 'c', 'x', 'a', 'n']) slots.list(slots.take(name))
  assert.deepEqual(namesIn(slots), ['a', 'c', 'm', 'n', 'x'])
  for (const name of ['m', 'a', 'x']) slots.unlist(slots.take(name))
  assert.deepEqual(namesIn(slots), ['c', 'n'])
})

test('a number stays with its name, and is another’s once it is released', () => {
  const slots = new NodeSlots()
  const [a, b] = [slots.take('a'), slots.take('b')]
  assert.notEqual(a, b)
  assert.equal(slots.take('a'), a)
  slots.release(a)
  assert.deepEqual([slots.find('a'), slots.nameOf(a)], [undefined, ''])
  assert.equal(slots.take('c'), a)
  assert.deepEqual([slots.find('c'), slots.nameOf(a), slots.find('b')], [a, 'c', b])
})

test('there is room for any number of nodes, doubled when it is used up', () => {
  const slots = new NodeSlots()
  const names = Array.from({ length: 200 }, (_, n) => `n-${1000 + n}`)
  const capacities = names.map((name) => {
    slots.list(slots.take(name))
    return slots.capacity
  })
  assert.deepEqual(
    [capacities[63], capacities[64], capacities[127], capacities[199]],
    [64, 128, 128, 256],
  )
  assert.deepEqual(namesIn(slots), names)
  assert.equal(slots.order.length, 256)
})
