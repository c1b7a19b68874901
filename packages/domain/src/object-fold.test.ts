import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KubernetesObject, pods } from '@reckon/kubernetes'
import { objectFold } from './object-fold.ts'
import { recordedEvent } from './recorded-event.fixture.ts'
import { upcast } from './upcasts.ts'
import { Objects } from './views/objects.ts'

const event = (type: string, data: unknown, revision = 0n) =>
  recordedEvent(type, data, { stream: 'pods-default/web', position: revision + 1n })

const object: KubernetesObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }
const created = event('PodCreated', { object })

test('an event that the kind does not know stops whoever folds: it is never skipped', () => {
  const view = new Objects()
  view.apply(created)
  const unknown = event('PodFrozen', { patch: [] }, 1n)
  assert.throws(() => view.apply(unknown), /PodFrozen .* written by a newer Reckon/)
  const fold = objectFold(pods, (each) => each)
  assert.throws(() => fold.evolve(fold.evolve(undefined, created), unknown), /newer Reckon/)
})

test('an event of a shape that is no longer written is read as one that is', () => {
  const old = event('PodBorn', { pod: object })
  const upcasts = {
    PodBorn: ({ data }: { data: unknown }) => ({
      type: 'PodCreated',
      data: { object: (data as { pod: KubernetesObject }).pod },
    }),
  }
  const fold = objectFold(pods, (each) => upcast(each, upcasts))
  assert.equal(fold.evolve(undefined, old)?.object.metadata.name, 'web')
  assert.ok(fold.isFullState(upcast(old, upcasts)))
})
