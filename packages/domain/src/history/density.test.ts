import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byUser, recordedEvent } from '../recorded-event.fixture.ts'
import { activityClassOf, subjectOf } from './activity.ts'
import { Density } from './density.ts'

const eventOf = (type: string, user: string, data: unknown = {}) =>
  recordedEvent(type, data, { stream: 'pods-shop/web', metadata: byUser(user) })

const note = (type: string) => ({
  ...{ involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' }, type },
})

test('an event is somebody’s, or trouble, whoever tells it', () => {
  const classes = [
    eventOf('PodChanged', 'ada'),
    eventOf('PodScheduled', 'system:kube-scheduler'),
    eventOf('PodCreated', 'system:serviceaccount:shop:operator'),
    eventOf('PodStarted', 'system:node:node-1'),
    eventOf('PodFailed', 'system:node:node-1'),
    eventOf('NoteRecorded', 'system:node:node-1', note('Normal')),
    eventOf('NoteRecorded', 'system:node:node-1', note('Warning')),
  ].map(activityClassOf)
  assert.deepEqual(classes, [
    ...['people', 'controllers', 'controllers', 'nodes', 'trouble', 'nodes', 'trouble'],
  ])
})

test('an event is about the object of its stream, a note about the one that it names', () => {
  const ref = { resourceId: 'pods', namespace: 'shop', name: 'web' }
  assert.deepEqual(subjectOf(eventOf('PodChanged', 'ada')), ref)
  const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }
  assert.deepEqual(subjectOf(eventOf('NoteRecorded', 'ada', note('Normal'))), about)
})

test('events are counted by parts of the span, and each part leads to its last position', () => {
  const density = new Density({ fromMs: 1000, toMs: 2000, count: 4 })
  density.add({ position: 1n, timeMs: 900 }, 'people')
  density.add({ position: 2n, timeMs: 1300 }, 'people')
  density.add({ position: 3n, timeMs: 1400 }, 'trouble')
  density.add({ position: 4n, timeMs: 1450 })
  density.add({ position: 5n, timeMs: 2000 }, 'nodes')
  density.add({ position: 6n, timeMs: 2001 }, 'nodes')
  assert.equal(density.bucketMs, 250)
  assert.deepEqual(density.counts, {
    ...{ people: [0, 1, 0, 0], controllers: [0, 0, 0, 0] },
    ...{ nodes: [0, 0, 0, 1], trouble: [0, 1, 0, 0] },
  })
  assert.deepEqual(density.positions, [1n, 4n, 4n, 5n])
})

test('an event at the very beginning of the span is in its first part', () => {
  const density = new Density({ fromMs: 1000, toMs: 2000, count: 2 })
  assert.deepEqual(density.positions, [undefined, undefined])
  density.add({ position: 1n, timeMs: 1000 }, 'people')
  density.add({ position: 2n, timeMs: 1001 }, 'people')
  assert.deepEqual(density.counts.people, [2, 0])
  const later = new Density({ fromMs: 1000, toMs: 2000, count: 2 })
  later.add({ position: 1n, timeMs: 1500 }, 'people')
  assert.deepEqual(later.positions, [undefined, 1n])
})
