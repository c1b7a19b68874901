import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchingVolume, mismatchOf } from './matching-volume.ts'
import type { Node, PersistentVolume, PersistentVolumeClaim } from './object.ts'

const volume = (name: string, spec: object = {}, over: object = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, ...over },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'slow',
    ...spec,
  },
  status: { phase: 'Available' },
})
const claim = (spec: object = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop', uid: 'u1' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '5Gi' } },
    storageClassName: 'slow',
    ...spec,
  },
})
const node = (name: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  spec: {},
})
const on = (hostname: string) => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [
        {
          matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [hostname] }],
        },
      ],
    },
  },
})
const byName = {
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] },
      ],
    },
  },
}
const nameOf = (found: PersistentVolume | undefined) => found?.metadata.name

test('the smallest volume that is large enough is taken, the first by name of equal ones', () => {
  const volumes = [
    volume('large', { capacity: { storage: '20Gi' } }),
    volume('b'),
    volume('a'),
    volume('small', { capacity: { storage: '1Gi' } }),
  ]
  assert.equal(nameOf(matchingVolume(claim(), volumes)), 'a')
})

test('a volume of another class, with fewer access modes or without the labels is none', () => {
  const volumes = [volume('v', {}, { labels: { disk: 'ssd' } })]
  const found = (spec: object) => nameOf(matchingVolume(claim(spec), volumes))
  assert.equal(found({ storageClassName: '' }), undefined)
  assert.equal(found({ accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }), undefined)
  assert.equal(found({ selector: { matchLabels: { disk: 'hdd' } } }), undefined)
  assert.equal(found({ selector: { matchLabels: { disk: 'ssd' } } }), 'v')
})

test('what is somebody else’s, on its way out or not ready is none', () => {
  const other = { claimRef: { namespace: 'shop', name: 'data', uid: 'u2' } }
  const volumes = [
    volume('taken', other),
    volume('leaving', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    { ...volume('released'), status: { phase: 'Released' } },
  ]
  assert.equal(matchingVolume(claim(), volumes), undefined)
})

test('what is kept for the claim comes first, whatever its labels, and alone while the claim waits', () => {
  const kept = volume('kept', {
    claimRef: { namespace: 'shop', name: 'data' },
    capacity: { storage: '50Gi' },
  })
  const wanted = claim({ selector: { matchLabels: { disk: 'ssd' } } })
  assert.equal(nameOf(matchingVolume(wanted, [volume('a'), kept])), 'kept')
  assert.equal(matchingVolume(claim(), [volume('a')], { isDelayed: true }), undefined)
  assert.equal(nameOf(matchingVolume(wanted, [kept], { isDelayed: true })), 'kept')
})

test('a volume is of use only on the nodes that it names', () => {
  const volumes = [volume('of-a', on('a')), volume('of-b', on('b'))]
  assert.equal(nameOf(matchingVolume(claim(), volumes, { node: node('b') })), 'of-b')
  assert.equal(matchingVolume(claim(), volumes, { node: node('c') }), undefined)
  assert.equal(nameOf(matchingVolume(claim(), [volume('v', byName)], { node: node('a') })), 'v')
})

test('why a volume does not do is said in upstream’s words', () => {
  const why = (spec: object) => mismatchOf(volume('v'), claim(spec))
  assert.equal(why({ resources: { requests: { storage: '11Gi' } } }), 'requested PV is too small')
  assert.equal(why({ storageClassName: 'fast' }), 'storageClassName does not match')
  assert.equal(why({ accessModes: ['ReadWriteMany'] }), 'incompatible accessMode')
  assert.equal(why({}), undefined)
})
