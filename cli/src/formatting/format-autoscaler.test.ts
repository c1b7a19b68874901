import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScalingDecision } from '@reckon/domain'
import type { HorizontalPodAutoscaler } from '@reckon/kubernetes'
import { formatAutoscaler } from './format-autoscaler.ts'

const name = 'hpa/web'
const autoscaler: HorizontalPodAutoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 10 },
  status: {
    ...{ currentReplicas: 2, desiredReplicas: 4 },
    conditions: [{ type: 'AbleToScale', status: 'True', message: 'fine' }],
  },
}
const decision: ScalingDecision = {
  ...{ from: 2, to: 4, reason: 'cpu above target', wanted: 5, held: ['too fast'] },
  metrics: [
    {
      name: 'cpu',
      current: '120%',
      target: '50%',
      replicas: 5,
      pods: { ready: 2, unready: 1, missing: 0, ignored: 0 },
    },
    {
      name: 'queue',
      target: '5',
      unknown: 'nobody tells',
      pods: { ready: 0, unready: 0, missing: 0, ignored: 0 },
    },
  ],
}

test('the last decision is told with what was seen, those before in a line', () => {
  const before: ScalingDecision = {
    from: 1,
    to: 2,
    reason: 'Current number of replicas below',
    metrics: [],
  }
  const scalings = [
    { time: '2026-01-01T00:00:00Z', decision: before },
    { time: '2026-01-01T00:01:00Z', decision },
  ]
  assert.equal(
    formatAutoscaler({ name, autoscaler, scalings }),
    `hpa/web scales deployment/web from 1 to 10: 2 there are, 4 are wanted
  AbleToScale True: fine

Scaled 2 → 4 at 2026-01-01T00:01:00Z: cpu above target
The metrics wanted 5:
  too fast

METRIC   IS/WANTED     REPLICAS   PODS
cpu      120%/50%      5          2 ready, 1 unready
queue    <unknown>/5   -          0 ready              nobody tells

Before that
  2026-01-01T00:00:00Z  1 → 2: Current number of replicas below`,
  )
})

test('one that never scaled, and one that is gone', () => {
  assert.match(formatAutoscaler({ name, autoscaler, scalings: [] }), /\n\nIt has never scaled$/)
  const scalings = [{ time: 't', decision }]
  assert.match(
    formatAutoscaler({ name, autoscaler: undefined, scalings }),
    /^hpa\/web is deleted\n\nScaled 2/,
  )
})
