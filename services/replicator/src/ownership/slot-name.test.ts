import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { inFreeSlots } from './in-free-slots.ts'
import { slotNames, slotOf } from './slot-name.ts'
import { UsedSlots } from './used-slots.ts'

const unnamed = (uid: string, generateName = 'web-'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: '',
    generateName,
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true },
    ],
  },
  spec: { containers: [] },
})
const named = (pod: Pod, slot: number): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, name: slotNames(pod)(slot) },
})

test('a slot has one name and a name one slot, for every owner', () => {
  for (const uid of ['a', 'b', '0f9c', 'd3d1-77']) {
    const names = new Set<string>()
    for (const slot of [0, 1, 2, 3, 26, 27, 5000, 14_348_906]) {
      const pod = named(unnamed(uid), slot)
      assert.match(pod.metadata.name, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
      assert.equal(slotOf(pod), slot)
      names.add(pod.metadata.name)
    }
    assert.equal(names.size, 8)
  }
})

test('ten thousand pods of one owner have ten thousand names', () => {
  const nameOf = slotNames(unnamed('many'))
  const names = Array.from({ length: 10_000 }, (_, slot) => nameOf(slot))
  assert.equal(new Set(names).size, 10_000)
})

test('a name that is too long keeps its suffix', () => {
  const pod = named(unnamed('a', `${'x'.repeat(80)}-`), 7)
  assert.equal(pod.metadata.name.length, 63)
  assert.equal(slotOf(pod), 7)
})

/**
 * Whatever part of one plan another planner has seen, in whatever order it arrived: it makes the rest, and nothing
 * else.
 */
test('two planners that overlap make the same pods', () => {
  const wanted = 12
  for (let seen = 0; seen < 2 ** wanted; seen += 37) {
    const used = new UsedSlots(3, [5, 9])
    const plan = (count: number) =>
      inFreeSlots(
        Array.from({ length: count }, () => unnamed('s')),
        { freeSlots: () => used.free(), isTaken: () => false },
      )
    const first = plan(wanted)
    const arrived = first.filter((_, at) => seen & (1 << at))
    for (const pod of arrived.reverse()) used.add(slotOf(pod) ?? Number.NaN)
    const second = plan(wanted - arrived.length)
    const all = new Set([...arrived, ...second].map(({ metadata }) => metadata.name))
    assert.deepEqual(all, new Set(first.map(({ metadata }) => metadata.name)))
  }
})
