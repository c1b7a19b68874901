import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import { PodsEverCreated } from './pods-ever-created.ts'

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
const pod = (name: string) =>
  event('PodCreated', `pods-default/${name}`, {
    object: { metadata: { name, ownerReferences: [{ uid: 's', controller: true }] } },
  })

test('pods count for their owner, also when they are gone', () => {
  const view = new PodsEverCreated()
  for (const each of [
    set,
    pod('a'),
    event('PodDeleted', 'pods-default/a', { patch: [] }),
    pod('b'),
  ]) {
    view.apply(each)
  }
  assert.equal(view.of('s'), 2)
  assert.equal(view.position, position)
})

test('of an owner that is gone nothing is kept', () => {
  const view = new PodsEverCreated()
  const deleted = event('ReplicaSetDeleted', 'replicasets.apps-default/web', { patch: [] })
  for (const each of [set, pod('a'), deleted]) view.apply(each)
  assert.equal(view.snapshot().length, 1)
})

test('of an owner that never was nothing is kept, however many pods name it', () => {
  const view = new PodsEverCreated()
  for (let i = 0; i < 100; i++) {
    const ownerReferences = [{ uid: `nobody-${i}`, controller: true }]
    const object = { metadata: { name: `p-${i}`, ownerReferences } }
    view.apply(event('PodCreated', `pods-default/p-${i}`, { object }))
  }
  assert.equal(view.of('nobody-1'), 0)
  assert.equal(view.snapshot().length, 1)
})

test('a restored snapshot goes on counting', () => {
  const view = new PodsEverCreated()
  for (const each of [set, pod('a')]) view.apply(each)
  const restored = new PodsEverCreated()
  for (const record of JSON.parse(JSON.stringify(view.snapshot()))) restored.restore(record)
  assert.equal(restored.position, view.position)
  restored.apply(pod('b'))
  assert.equal(restored.of('s'), 2)
})
