import assert from 'node:assert/strict'
import { test } from 'node:test'
import { involved } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import { dueNotes } from './record-pod-notes.ts'

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name: 'web', uid: 'u' },
  spec: { containers: [] },
} as Pod
const about = { pod, node: 'a', nowMs: 90_000 }
const reported = (count: number, message = 'it broke') =>
  ({ type: 'Warning', reason: 'FailedSync', message, count }) as const
const recorded = (count: number, message?: string, host = 'a') => ({
  ...reported(count, message),
  involvedObject: involved(pod),
  source: { component: 'kubelet', host },
  firstTimestamp: '1970-01-01T00:00:00Z',
  lastTimestamp: '1970-01-01T00:00:00Z',
})

test('a note is recorded by the time of the cluster, and is of the node that told it', () => {
  const [note] = dueNotes([reported(1)], [], about)
  const at = '1970-01-01T00:01:30Z'
  assert.deepEqual(note, { ...recorded(1), firstTimestamp: at, lastTimestamp: at })
})

test('what repeats is recorded at counts 1, 2, 4, 8, each once, and since when it was first', () => {
  const counts = (count: number, before: number) =>
    dueNotes([reported(count)], [recorded(before)], about).map((note) => note.count)
  assert.deepEqual(counts(2, 1), [2])
  assert.deepEqual(counts(3, 2), [])
  assert.deepEqual(counts(2, 2), [])
  const [again] = dueNotes([reported(4)], [recorded(2), recorded(1)], about)
  assert.equal(again?.firstTimestamp, '1970-01-01T00:00:00Z')
})

test('of one pod no more than fifty notes of its node are recorded; those of others count not', () => {
  const many = (host: string) =>
    Array.from({ length: 49 }, (_, index) => recorded(1, `m${index}`, host))
  const two = [reported(1, 'x'), reported(1, 'y')]
  assert.equal(dueNotes(two, many('a'), about).length, 1)
  assert.equal(dueNotes(two, [...many('a'), recorded(1, 'z')], about).length, 0)
  assert.equal(dueNotes(two, many('b'), about).length, 2)
})
