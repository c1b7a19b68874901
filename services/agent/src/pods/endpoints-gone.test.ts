import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silent } from '@reckon/eventing'
import { createMemoryClock, createMemoryHub } from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import { sharedApplied } from '@reckon/node-plane'
import { ObjectCache } from '../node/object-cache.ts'
import { EndpointsGone } from './endpoints-gone.ts'

const cause = { id: 'cause', correlationId: 'correlation' }

/** A node with a pod of its own, and the slices that lead to it. */
function openNode() {
  const clock = createMemoryClock()
  const known = new ObjectCache()
  const gone = new EndpointsGone({ clock, log: silent }, known)
  let position = 0n
  const upsert = (resource: string, { metadata, ...object }: KubernetesObject) => {
    const versioned = { ...object, metadata: { ...metadata, resourceVersion: `${++position}` } }
    known
      .listener(resource === 'pods' ? 'Own' : 'Shared')
      .onChanges(position, [{ type: 'Upsert', resource, object: versioned, cause }])
    return position
  }
  const slice = (...uids: string[]) =>
    upsert('endpointslices.discovery.k8s.io', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web', namespace: 'default' },
      endpoints: uids.map((uid) => ({ addresses: [], targetRef: { kind: 'Pod', uid } })),
    } as KubernetesObject)
  const metadata = { name: 'own', namespace: 'default', uid: 'own' }
  upsert('pods', { apiVersion: 'v1', kind: 'Pod', metadata })
  return { clock, gone, slice }
}

test('nothing is kept of pods of other nodes, nor of own ones that are gone', () => {
  const { gone, slice } = openNode()
  for (let i = 0; i < 1_000; i++) slice('own', `other-${i}`)
  assert.equal(gone.size, 0)
  slice()
  assert.equal(gone.size, 1)
  gone.forget('own')
  assert.equal(gone.size, 0)
})

test('once all proxies have let go of a pod their Envoys have a moment for it; what nobody led to waits for nothing', async () => {
  const { clock, gone, slice } = openNode()
  const bus = createMemoryHub({ clock }).connect('agent')
  gone.listen(bus)
  const signal = new AbortController().signal
  await gone.wait('own', signal)
  slice('own')
  const leftAt = slice()
  let isOver = false
  const waited = gone.wait('own', signal).then(() => {
    isOver = true
  })
  await clock.advance(500)
  bus.publish(sharedApplied, new TextEncoder().encode(JSON.stringify({ position: `${leftAt}` })))
  await clock.advance(40)
  assert.equal(isOver, false)
  await clock.advance(20)
  assert.equal(isOver, true)
  await waited
})
