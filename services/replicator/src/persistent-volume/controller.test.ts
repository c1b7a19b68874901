import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject, PersistentVolume, PersistentVolumeClaim } from '@reckon/kubernetes'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

const volume = (name: string, storage: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    ...{ capacity: { storage }, accessModes: ['ReadWriteMany'] },
    nfs: { server: 'nfs.test', path: '/data' },
  },
})
const claim = (name: string, storage: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'shop' },
  spec: {
    ...{ accessModes: ['ReadWriteMany'], storageClassName: '' },
    resources: { requests: { storage } },
    ...spec,
  },
})

test('claims get volumes one each, by two replicators at once; a deleted one gives its volume back', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const claims = () => cluster.list<PersistentVolumeClaim>('PersistentVolumeClaim')
  const volumes = () => cluster.list<PersistentVolume>('PersistentVolume')
  const phases = (list: readonly { object: { status?: { phase?: string } } }[]) =>
    list.map(({ object }) => object.status?.phase)
  await Promise.all([1, 2, 3].map((n) => cluster.create(volume(`v${n}`, `${n}Gi`))))
  await Promise.all([1, 2, 3, 4].map((n) => cluster.create(claim(`c${n}`, '1Gi'))))
  await cluster.until(
    'three are bound',
    () =>
      phases(claims()).filter((phase) => phase === 'Bound').length === 3 &&
      phases(volumes()).every((phase) => phase === 'Bound'),
  )
  const named = claims().flatMap(({ object }) => object.spec.volumeName ?? [])
  assert.deepEqual(named.toSorted(), ['v1', 'v2', 'v3'])
  for (const { object } of volumes()) {
    const own = claims().find(({ object: { spec } }) => spec.volumeName === object.metadata.name)
    assert.equal(object.spec.claimRef?.uid, own?.object.metadata.uid)
  }

  const [bound] = claims().filter(({ object }) => object.spec.volumeName)
  await cluster.remove('PersistentVolumeClaim', bound?.object.metadata.name ?? '')
  const released = () => volumes().filter(({ object }) => object.status?.phase === 'Released')
  await cluster.until('its volume is released', () => released().length === 1)
  assert.equal(claims().length, 3)

  // Whoever has looked at what is left on it makes it free.
  const name = released()[0]?.object.metadata.name ?? ''
  await cluster.remove('PersistentVolume', name)
  await cluster.until('it is gone', () => volumes().length === 2)
  await cluster.create(volume(name, '1Gi'))
  await cluster.until('the fourth has it', () =>
    phases(claims()).every((phase) => phase === 'Bound'),
  )
})
