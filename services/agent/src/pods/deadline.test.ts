import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { deadlineOf } from './deadline.ts'

const pod = (activeDeadlineSeconds?: number, startTime?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [], ...(activeDeadlineSeconds && { activeDeadlineSeconds }) },
  ...(startTime && { status: { startTime } }),
})

test('a pod may run for so long from when its node began with it', () => {
  const began = '2026-01-01T00:00:00Z'
  assert.equal(deadlineOf(pod(30, began)), Date.parse(began) + 30_000)
  assert.equal(deadlineOf(pod(30), { startTime: began }), Date.parse(began) + 30_000)
  assert.equal(deadlineOf(pod(30)), undefined)
  assert.equal(deadlineOf(pod(undefined, began)), undefined)
})
