import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConfigMap, configMaps, type Pod, pods } from '@reckon/kubernetes'
import { compensationOf } from './compensation.ts'

const map = (data: Record<string, string>, metadata: object = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'm', namespace: 'n', uid: 'u', resourceVersion: '7', ...metadata },
  data,
})
const content = ({ metadata: { name, namespace }, ...rest }: ConfigMap) => ({
  ...rest,
  metadata: { name, namespace },
})
const alone = (current: ConfigMap | undefined) => ({ current, isChangedByOthers: false })

test('a change is taken back, and what came later stays', () => {
  const change = { before: map({ a: '1' }), after: map({ a: '2' }) }
  const current = map({ a: '2', b: 'later' }, { resourceVersion: '9' })
  assert.deepEqual(compensationOf(configMaps, [change], alone(current)), {
    action: 'Update',
    object: map({ a: '1', b: 'later' }, { resourceVersion: '9' }),
    conflicts: [],
  })
})

test('several changes are taken back, the newest first', () => {
  const changes = [
    { before: map({ a: '1' }), after: map({ a: '2' }) },
    { before: map({ a: '2' }), after: map({ a: '3' }) },
  ]
  const { action, conflicts } = compensationOf(configMaps, changes, alone(map({ a: '3' })))
  assert.deepEqual({ action, conflicts }, { action: 'Update', conflicts: [] })
})

test('what was changed again collides, and is told', () => {
  const change = { before: map({ a: '1' }), after: map({ a: '2' }) }
  const { conflicts } = compensationOf(configMaps, [change], alone(map({ a: '3' })))
  assert.deepEqual(conflicts, [{ field: 'data.a', base: '2', ours: '1', theirs: '3' }])
})

test('what is as it was needs nothing', () => {
  const change = { before: map({ a: '1' }), after: map({ a: '2' }) }
  const found = compensationOf(configMaps, [change], alone(map({ a: '1' })))
  assert.deepEqual(found, { action: 'None', conflicts: [] })
})

test('what was deleted comes back without what the server kept', () => {
  const before = map({ a: '1' }, { creationTimestamp: 't', deletionTimestamp: 't' })
  const found = compensationOf(configMaps, [{ before, after: undefined }], alone(undefined))
  assert.deepEqual(found, {
    action: 'Create',
    object: content(map({ a: '1' })),
    conflicts: [],
  })
})

test('what was deleted in two steps comes back as before the first', () => {
  const marked = map({ a: '1' }, { deletionTimestamp: 't', finalizers: ['x'] })
  const changes = [
    { before: map({ a: '1' }), after: marked },
    { before: marked, after: undefined },
  ]
  const found = compensationOf(configMaps, changes, alone(undefined))
  assert.deepEqual(found, { action: 'Create', object: content(map({ a: '1' })), conflicts: [] })
})

test('where another one bears the name since, nothing is made of it', () => {
  const gone = { before: map({ a: '1' }), after: undefined }
  const other = map({ a: 'other' }, { uid: 'other' })
  assert.equal(compensationOf(configMaps, [gone], alone(other)).conflicts.length, 1)
  const changed = { before: map({ a: '1' }), after: map({ a: '2' }) }
  const same = map({ a: '2' }, { uid: 'other' })
  assert.equal(compensationOf(configMaps, [changed], alone(same)).conflicts.length, 1)
})

test('what was created goes, unless somebody else has changed it', () => {
  const change = { before: undefined, after: map({ a: '1' }) }
  const current = map({ a: '1' })
  const found = compensationOf(configMaps, [change], alone(current))
  assert.deepEqual(found, { action: 'Delete', object: current, conflicts: [] })
  const changed = { current: map({ a: '2' }), isChangedByOthers: true }
  assert.equal(compensationOf(configMaps, [change], changed).conflicts.length, 1)
})

test('what was created and deleted needs nothing', () => {
  const changes = [
    { before: undefined, after: map({ a: '1' }) },
    { before: map({ a: '1' }), after: undefined },
  ]
  const found = compensationOf(configMaps, changes, alone(undefined))
  assert.deepEqual(found, { action: 'None', conflicts: [] })
})

test('an object that is about to go cannot be changed back', () => {
  const change = { before: map({ a: '1' }), after: map({ a: '2' }) }
  const current = map({ a: '2' }, { deletionTimestamp: 't' })
  const { conflicts } = compensationOf(configMaps, [change], alone(current))
  assert.deepEqual(
    conflicts.map(({ field }) => field),
    ['metadata.deletionTimestamp'],
  )
})

test('a pod that comes back is placed anew, and its status is not of the past', () => {
  const before: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'i' }] },
    status: { phase: 'Running' },
  }
  const found = compensationOf(pods, [{ before, after: undefined }], alone(undefined))
  assert.deepEqual(found, {
    action: 'Create',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'n' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    },
    conflicts: [],
  })
})

test('an object comes back with its own finalizers, and without those of how it was deleted', () => {
  const before = map({ a: '1' }, { finalizers: ['own', 'foregroundDeletion'] })
  const found = compensationOf(configMaps, [{ before, after: undefined }], alone(undefined))
  assert.ok(found.action === 'Create')
  assert.deepEqual(found.object.metadata.finalizers, ['own'])
})

test('a change that is taken back leaves the status as it is now', () => {
  const pod = (labels: Record<string, string>, phase: string): Pod => ({
    ...{ apiVersion: 'v1', kind: 'Pod', spec: { containers: [] }, status: { phase } },
    metadata: { name: 'p', namespace: 'n', uid: 'u', labels },
  })
  const change = { before: pod({ a: '1' }, 'Pending'), after: pod({ a: '2' }, 'Pending') }
  const current = pod({ a: '2' }, 'Running')
  const found = compensationOf(pods, [change], { current, isChangedByOthers: false })
  assert.ok(found.action === 'Update')
  assert.deepEqual(found.object, pod({ a: '1' }, 'Running'))
})
