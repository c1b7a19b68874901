import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import {
  type KubernetesObject,
  persistentVolumeClaims,
  persistentVolumes,
  type Resource,
} from '@reckon/kubernetes'
import { createVault } from '@reckon/process/trusted'
import { History } from '../history.ts'
import { volumes } from './volumes.ts'

const draw = (bytes: number) => new Uint8Array(bytes)

/** What is recorded of claims and volumes, one object after the other, as the checker sees it. */
function recorded() {
  const history = new History(createVault(draw(32), draw))
  const checker = volumes({ history, hostile: undefined, guard: (act) => act() }, [])
  let position = 0n
  return (resource: Resource, object: KubernetesObject) => {
    position += 1n
    const { namespace, name } = object.metadata
    const before = history.objects.get(resource, namespace ?? '', name)
    const type = `${resource.kind}${before ? 'Changed' : 'Created'}`
    const patch = [{ op: 'replace' as const, path: '', value: object }]
    const event: RecordedEvent = {
      ...{ id: `event-${position}`, type, stream: streamOf(resource, namespace, name) },
      ...{ position, revision: position, data: before ? { patch } : { object } },
      metadata: { actor: { user: 'ada' }, verb: 'test', time: '', $correlationId: 'test' },
    }
    checker.onRecorded?.(history.record(event))
  }
}

const claim = (name: string, volumeName?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  metadata: {
    ...{ namespace: 'shop', name, uid: `uid-${name}` },
    ...(volumeName && { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }),
  },
  spec: volumeName ? { volumeName } : {},
})
const volume = (of?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk', uid: 'uid-disk' } },
  spec: of ? { claimRef: { namespace: 'shop', name: of, uid: `uid-${of}` } } : {},
})

test('a volume that one claim has and gives back may be another one’s; one that is taken away may not', () => {
  const record = recorded()
  record(persistentVolumes, volume())
  record(persistentVolumes, volume('a'))
  record(persistentVolumes, volume())
  record(persistentVolumes, volume('b'))
  assert.throws(() => record(persistentVolumes, volume('a')), /a volume is one claim’s/)
})

test('no two claims are bound to one volume', () => {
  const record = recorded()
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => record(persistentVolumeClaims, claim('b', 'disk')), /have disk/)
})

test('a claim keeps the volume that it has', () => {
  const record = recorded()
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => record(persistentVolumeClaims, claim('a', 'other')), /had disk/)
})
