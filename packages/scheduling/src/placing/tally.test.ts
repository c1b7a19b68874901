import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeSlots } from '../state/node-slots.ts'
import { Tally } from './tally.ts'

test('the top is the highest score that somebody has, in whichever order they come and go', () => {
  const tally = new Tally(new NodeSlots())
  const tops = [tally.top]
  const then = (change: () => void) => {
    change()
    tops.push(tally.top)
  }
  then(() => tally.add(3, 0))
  then(() => tally.add(7, 0))
  then(() => tally.add(5, 0))
  then(() => tally.remove(7, 0))
  then(() => tally.add(5, 0))
  then(() => tally.remove(5, 0))
  then(() => tally.remove(5, 0))
  then(() => tally.remove(3, 0))
  assert.deepEqual(tops, [-1, 3, 7, 7, 5, 5, 5, 3, -1])
  assert.deepEqual([tally.size, tally.at(3), tally.at(99)], [0, 0, 0])
})

test('which nodes have a score is known from when it is asked about, until their places are others or all is counted again', () => {
  const slots = new NodeSlots()
  const [c, d] = ['c', 'd'].map((name) => {
    const slot = slots.take(name)
    slots.list(slot)
    return slot
  })
  const tally = new Tally(slots)
  tally.add(3, c ?? 0)
  let asked = 0
  const known = () => {
    const { words } = tally.nodesAt(3, (nodes) => {
      asked += 1
      nodes.add(0)
    })
    return words[0]
  }
  assert.equal(known(), 0b1)
  tally.add(3, d ?? 0)
  tally.add(5, d ?? 0)
  assert.equal(known(), 0b11)
  tally.remove(3, c ?? 0)
  assert.equal(known(), 0b10)
  const e = slots.take('e')
  slots.list(e)
  tally.add(3, e)
  assert.deepEqual([known(), asked], [0b110, 1])
  slots.list(slots.take('b'))
  assert.deepEqual([known(), asked], [0b1, 2])
  tally.clear()
  tally.addMany(3, 2)
  assert.deepEqual([tally.size, tally.top, tally.at(5)], [2, 3, 0])
  assert.deepEqual([known(), asked], [0b1, 3])
})
