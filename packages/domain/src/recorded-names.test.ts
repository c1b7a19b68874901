import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployments, nodes, pods } from '@reckon/kubernetes'
import { closedObject } from './closed-object.ts'
import { keyedUid, keyStream } from './data-key.ts'
import { involved } from './note.ts'
import { metadataOf } from './origin.ts'
import { dataOf } from './recorded-data.ts'
import { refOf, streamOf, streamsOf } from './stream-name.ts'

test('an object and its stream name each other', () => {
  const streams = [
    [deployments, 'default', 'web', 'deployments.apps-default/web'],
    [nodes, '', 'node-1', 'nodes-/node-1'],
    [nodes, 'ignored', 'node-1', 'nodes-/node-1'],
    [
      { ...pods, plural: 'widgets', group: 'a-b.example.com' },
      'x',
      'y',
      'widgets.a_b.example.com-x/y',
    ],
  ] as const
  for (const [resource, namespace, name, stream] of streams) {
    assert.equal(streamOf(resource, namespace, name), stream)
    assert.equal(streamOf(resource, namespace, name).includes(refOf(stream)?.name ?? '?'), true)
  }
  assert.deepEqual(refOf('widgets.a_b.example.com-x/y'), {
    resourceId: 'widgets.a-b.example.com',
    namespace: 'x',
    name: 'y',
  })
  assert.equal(streamOf(pods, undefined, 'web'), 'pods-/web')
})

test('the streams of a kind begin alike, and those of a namespace', () => {
  const [all, own] = [streamsOf(deployments), streamsOf(deployments, 'default')]
  assert.deepEqual([all, own], ['deployments.apps-', 'deployments.apps-default/'])
})

test('a stream without a namespace and a name is no object’s', () => {
  for (const stream of ['', 'terms', 'terms-scheduler', 'a/b', '/a-b']) {
    assert.equal(refOf(stream), undefined, stream)
  }
})

test('a data key’s stream names the uid, and no other stream does', () => {
  assert.equal(keyedUid(keyStream('u')), 'u')
  assert.equal(keyedUid('pods-default/keys-u'), undefined)
})

test('of a closed object its stream tells what it is', () => {
  assert.deepEqual(closedObject('secrets-default/s', 'u', 7n), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'default', uid: 'u', resourceVersion: '7' },
  })
  assert.deepEqual(closedObject('nodes-/n', 'u', 7n).metadata, {
    name: 'n',
    uid: 'u',
    resourceVersion: '7',
  })
  assert.throws(() => closedObject('terms-scheduler', 'u', 7n), /no object's stream/)
})

test('a note names a namespace only where there is one', () => {
  const [apiVersion, kind] = ['v1', 'Pod']
  const metadata = { name: 'a', uid: 'u' }
  const about = { apiVersion, kind, ...metadata }
  assert.deepEqual(involved({ apiVersion, kind, metadata }), about)
  const within = { apiVersion, kind, metadata: { ...metadata, namespace: 'x' } }
  assert.deepEqual(involved(within), { ...about, namespace: 'x' })
})

test('what answers an event belongs with it; what answers none begins with itself', () => {
  const origin = { actor: { user: 'ada' }, verb: 'create' }
  const bare = { ...origin, time: '1970-01-01T00:00:00.000Z', $correlationId: 'e' }
  assert.deepEqual(metadataOf(origin, 'e', 0), bare)
  assert.deepEqual(metadataOf({ ...origin, correlationId: 'r', fieldManager: 'm' }, 'e', 0), {
    ...bare,
    $correlationId: 'r',
    fieldManager: 'm',
  })
  assert.equal(metadataOf({ ...origin, statesManagers: true }, 'e', 0).statesManagers, true)
  const cause = { id: 'c', correlationId: 'first' }
  assert.deepEqual(metadataOf({ ...origin, cause, correlationId: 'r' }, 'e', 0), {
    ...bare,
    $correlationId: 'first',
    $causationId: 'c',
  })
})

test('an event that lacks what its type holds is refused', () => {
  type Pair = { a: number; b: number }
  assert.deepEqual(dataOf<Pair>({ id: 'e', data: { a: 1, b: 2 } }, 'a', 'b'), { a: 1, b: 2 })
  for (const data of [{ a: 1 }, { b: 2 }, undefined, null, []]) {
    assert.throws(() => dataOf<Pair>({ id: 'e', data }, 'a', 'b'), /event e holds no a, b/)
  }
})
