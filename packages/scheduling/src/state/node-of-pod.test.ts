import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { nominationOf } from './node-of-pod.ts'

test('a node is kept for a pod as long as that waits', () => {
  const kept = (made: Pod, status: Pod['status'] = {}) =>
    nominationOf({ ...made, status: { nominatedNodeName: 'a', ...status } })
  assert.equal(kept(pod()), 'a')
  assert.equal(kept(pod({ nodeName: 'b' })), undefined)
  assert.equal(kept(pod(), { phase: 'Failed' }), undefined)
  const made = pod()
  const metadata = { ...made.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.equal(kept({ ...made, metadata }), undefined)
  assert.equal(kept(pod(), { nominatedNodeName: '' }), undefined)
  assert.equal(nominationOf(pod()), undefined)
})
