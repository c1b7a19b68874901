import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployments, horizontalPodAutoscalers, type KubernetesObject } from '@reckon/kubernetes'
import { autoscalerOf } from '../clients/manifests.ts'
import { autoscalers } from './autoscalers.ts'
import { recordedFor } from './recorded.fixture.ts'

const web = { namespace: 'shop', name: 'web' }
const scaler = 'system:controller:horizontal-pod-autoscaler'
const autoscaler = (maxReplicas: number): KubernetesObject => {
  const { metadata, ...rest } = autoscalerOf(web, 'web', { minReplicas: 1, maxReplicas })
  return { ...rest, metadata: { ...metadata, uid: 'uid-web' } }
}
const deployment = (replicas: number) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...web, uid: 'uid-of-it' } },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { spec: {} } },
})

/** An autoscaler of a Deployment, and how it decides and then scales. */
function scaled(replicas: number, maxReplicas = 4) {
  const record = recordedFor(autoscalers)
  record(deployments, deployment(replicas))
  record(horizontalPodAutoscalers, autoscaler(maxReplicas))
  const decide = (from: number, to: number, max = maxReplicas) =>
    record(horizontalPodAutoscalers, autoscaler(max), {
      told: { scaling: { from, to, reason: 'tried', metrics: [] } },
    })
  const scale = (to: number) => record(deployments, deployment(to), { user: scaler })
  return { record, decide, scale }
}

test('one pod at a time is added, after that was decided', () => {
  const { decide, scale } = scaled(1)
  decide(1, 2)
  scale(2)
  assert.throws(() => scale(3), /web becomes 3/)
  assert.throws(() => decide(2, 4), /from 2 to 4/)
})

test('there are no more than it was ever allowed', () => {
  const { decide } = scaled(3, 3)
  assert.throws(() => decide(3, 4), /from 3 to 4/)
})

test('what it took away within the period may come back at once', () => {
  const { record, decide, scale } = scaled(4)
  record(horizontalPodAutoscalers, autoscaler(1))
  decide(4, 1, 1)
  scale(1)
  record(horizontalPodAutoscalers, autoscaler(4))
  decide(1, 4)
  scale(4)
})
