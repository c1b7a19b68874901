import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, Toleration } from '@reckon/kubernetes'
import { evictionOf } from './plan.ts'

const pod = (...tolerations: Toleration[]): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [], tolerations },
})
const [lost, mine] = [
  { key: 'lost', effect: 'NoExecute' },
  { key: 'mine', value: 'x', effect: 'NoExecute' },
]
const since = ({ key }: { key: string }) => (key === 'lost' ? 10 : 20)
const forSeconds = (key: string, tolerationSeconds: number): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
})

test('a pod that does not tolerate a taint leaves at once', () => {
  assert.deepEqual(evictionOf(pod(), [lost], since), { taint: lost, atSeconds: 10 })
  const other = { key: 'mine', operator: 'Equal', value: 'y' }
  assert.deepEqual(evictionOf(pod(other), [mine], since), { taint: mine, atSeconds: 20 })
})

test('a pod that tolerates a taint for a while leaves when that has passed, the shortest first', () => {
  const two = pod(forSeconds('lost', 300), forSeconds('mine', 5))
  assert.deepEqual(evictionOf(two, [lost], since), { taint: lost, atSeconds: 311 })
  assert.deepEqual(evictionOf(two, [lost, mine], since), { taint: mine, atSeconds: 26 })
  assert.equal(evictionOf(pod(forSeconds('lost', -7)), [lost], since)?.atSeconds, 10)
})

test('a pod that tolerates a taint for ever stays; so does one under taints that only keep pods off', () => {
  assert.equal(evictionOf(pod({ operator: 'Exists' }), [lost, mine], since), undefined)
  assert.equal(evictionOf(pod(), [{ key: 'lost', effect: 'NoSchedule' }], since), undefined)
})
