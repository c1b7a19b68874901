import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodStatus } from '@reckon/kubernetes'
import { type HeardUsage, sampleOf } from './usage-sample.ts'

const nowMs = Date.parse('2026-01-01T01:00:00Z')
const at = (secondsAgo: number) => new Date(nowMs - secondsAgo * 1000).toISOString()
const cpu = { resource: 'cpu' }

const pod = (status: PodStatus = running(600, 500), metadata: object = {}): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', uid: 'web', ...metadata } },
  spec: {
    initContainers: [
      { name: 'init', image: 'i' },
      {
        name: 'side',
        image: 'i',
        restartPolicy: 'Always',
        resources: { requests: { cpu: '50m' } },
      },
    ],
    containers: [
      { name: 'app', image: 'i', resources: { requests: { cpu: '100m', memory: '1Mi' } } },
    ],
  },
  status,
})

const running = (
  startedAgo: number,
  changedAgo: number,
  status: 'True' | 'False' = 'True',
): PodStatus => ({
  phase: 'Running',
  startTime: at(startedAgo),
  conditions: [{ type: 'Ready', status, lastTransitionTime: at(changedAgo) }],
})

const told = (secondsAgo = 0): HeardUsage => ({
  ...{ uid: 'web', windowMs: 15_000, heardAtMs: nowMs - secondsAgo * 1000 },
  containers: [
    { name: 'app', cpuNanocores: 60_000_001, memoryBytes: 1024 },
    { name: 'side', cpuNanocores: 1_000_000, memoryBytes: 10 },
  ],
})

const standing = (of: Pod, usage: HeardUsage | undefined = told(), measured = cpu) =>
  sampleOf(of, usage, { measured, nowMs }).standing

test('what its containers use and ask for, or one of them', () => {
  const of = (measured: Parameters<typeof sampleOf>[2]['measured']) => {
    const { usage, request, unasked } = sampleOf(pod(), told(), { measured, nowMs })
    return [usage, request, unasked]
  }
  assert.deepEqual(of(cpu), [62, 150, undefined])
  assert.deepEqual(of({ resource: 'cpu', container: 'app' }), [61, 100, undefined])
  assert.deepEqual(of({ resource: 'memory', container: 'app' }), [1024, 2 ** 20, undefined])
  assert.deepEqual(of({ resource: 'memory' }), [1034, undefined, 'side'])
  assert.deepEqual(of({ resource: 'cpu', container: 'none' }), [undefined, 0, undefined])
})

test('who goes or has failed does not count, who has not begun is not ready', () => {
  assert.equal(standing(pod()), 'Ready')
  assert.equal(standing(pod(undefined, { deletionTimestamp: at(0) })), 'Ignored')
  assert.equal(standing(pod({ phase: 'Failed' })), 'Ignored')
  assert.equal(standing(pod({ phase: 'Pending' })), 'Unready')
  assert.equal(sampleOf(pod(), undefined, { measured: cpu, nowMs }).standing, 'Missing')
})

test('the CPU of a pod that starts tells nothing of its load; its memory does', () => {
  assert.equal(standing(pod({ phase: 'Running' })), 'Unready')
  assert.equal(standing(pod(running(100, 50, 'False'))), 'Unready')
  assert.equal(standing(pod(running(100, 50))), 'Ready')
  assert.equal(standing(pod(running(100, 10))), 'Unready')
  assert.equal(standing(pod(running(100, 20)), told(10)), 'Unready')
  assert.equal(standing(pod(running(100, 10)), told(), { resource: 'memory' }), 'Ready')
  assert.equal(standing(pod(running(600, 580, 'False'))), 'Unready')
  assert.equal(standing(pod(running(600, 100, 'False'))), 'Ready')
})
