import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silent } from '@reckon/eventing'
import { createMemoryClock } from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import { KnownObjects } from '../node/known-objects.ts'
import { EndpointsGone } from './endpoints-gone.ts'

const cause = { id: 'cause', correlationId: 'correlation' }

test('nothing is kept of pods of other nodes, nor of own ones that are gone', () => {
  const known = new KnownObjects()
  const gone = new EndpointsGone({ clock: createMemoryClock(), log: silent }, known)
  let position = 0n
  const upsert = (resource: string, { metadata, ...object }: KubernetesObject) => {
    const versioned = { ...object, metadata: { ...metadata, resourceVersion: `${++position}` } }
    known
      .listener(resource === 'pods' ? 'Own' : 'Shared')
      .onChanges(position, [{ type: 'Upsert', resource, object: versioned, cause }])
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
  for (let i = 0; i < 1_000; i++) slice('own', `other-${i}`)
  assert.equal(gone.size, 0)
  slice()
  assert.equal(gone.size, 1)
  gone.forget('own')
  assert.equal(gone.size, 0)
})
