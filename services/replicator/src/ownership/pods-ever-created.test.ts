import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import type { Pod } from '@reckon/kubernetes'
import { PodsEverCreated } from './pods-ever-created.ts'
import { slotNames } from './slot-name.ts'

let position = 2n ** 60n
const event = (type: string, stream: string, data: unknown): RecordedEvent => ({
  id: String(++position),
  type,
  stream,
  revision: 0n,
  position,
  data,
  metadata: undefined,
})
const set = event('ReplicaSetCreated', 'replicasets.apps-default/web', {
  object: { metadata: { name: 'web', uid: 's' } },
})
const unnamed = (owner = 's', name = ''): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    generateName: 'web-',
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: owner, controller: true },
    ],
  },
  spec: { containers: [] },
})
/** The pod in a slot of the set. */
const pod = (slot: number) => {
  const name = slotNames(unnamed())(slot)
  return event('PodCreated', `pods-default/${name}`, { object: unnamed('s', name) })
}
const free = (view: PodsEverCreated, count: number) => view.freeSlots('s', '').take(count).toArray()

test('a slot is used once, also when its pod is gone', () => {
  const view = new PodsEverCreated()
  for (const each of [set, pod(0), event('PodDeleted', 'pods-default/a', { patch: [] }), pod(1)]) {
    view.apply(each)
  }
  assert.deepEqual(free(view, 2), [2, 3])
  assert.equal(view.position, position)
})

test('of an owner that is gone nothing is kept', () => {
  const view = new PodsEverCreated()
  const deleted = event('ReplicaSetDeleted', 'replicasets.apps-default/web', { patch: [] })
  for (const each of [set, pod(0), deleted]) view.apply(each)
  assert.equal(view.snapshot().length, 1)
})

test('of an owner that never was nothing is kept, however many pods name it', () => {
  const view = new PodsEverCreated()
  for (let i = 0; i < 100; i++) {
    const object = unnamed(`nobody-${i}`, `p-${i}`)
    view.apply(event('PodCreated', `pods-default/p-${i}`, { object }))
  }
  assert.equal(view.snapshot().length, 1)
})

test('a restored snapshot knows the used slots', () => {
  const view = new PodsEverCreated()
  for (const each of [set, pod(0), pod(3)]) view.apply(each)
  const restored = new PodsEverCreated()
  for (const record of JSON.parse(JSON.stringify(view.snapshot()))) restored.restore(record)
  assert.equal(restored.position, view.position)
  restored.apply(pod(1))
  assert.deepEqual(free(restored, 3), [2, 4, 5])
})
