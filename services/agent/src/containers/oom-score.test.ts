import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { oomScoreOf } from './oom-score.ts'

const nodeBytes = 2 ** 30
function score(qosClass: string, memory?: string, priorityClassName?: string): number {
  const container = { name: 'c', resources: { requests: memory ? { memory } : {} } }
  const pod: Pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [container], ...(priorityClassName && { priorityClassName }) },
    status: { phase: 'Pending', qosClass },
  }
  return oomScoreOf(pod, container, nodeBytes)
}

test('who has said nothing is killed first, who has said all last, and between them who has asked for least', () => {
  assert.equal(score('BestEffort'), 1000)
  assert.equal(score('Burstable'), 999)
  assert.equal(score('Burstable', '256Mi'), 750)
  assert.equal(score('Burstable', '2Gi'), 3)
  assert.equal(score('Guaranteed', '256Mi'), 0)
  assert.equal(score('BestEffort', undefined, 'system-node-critical'), 0)
})
