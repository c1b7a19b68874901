import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HorizontalPodAutoscaler } from '../../object.ts'
import { horizontalPodAutoscalerV1 } from './horizontal-pod-autoscaler-v1.ts'
import { horizontalPodAutoscalers } from './horizontal-pod-autoscalers.ts'

type Spec = HorizontalPodAutoscaler['spec']
const scaleTargetRef = { kind: 'Deployment', name: 'web' }
const cpu = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
})
const autoscaler = (spec: Partial<Spec> = {}): HorizontalPodAutoscaler => ({
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' } },
  spec: { scaleTargetRef, maxReplicas: 3, ...spec },
})
const defaulted = (spec: Partial<Spec>) => {
  const object = autoscaler(spec)
  horizontalPodAutoscalers.setDefaults(object)
  return object
}
const wrong = (spec: Partial<Spec>) =>
  horizontalPodAutoscalers.validate(defaulted(spec)).map(({ field }) => field)

test('without a metric it goes by CPU; rules that are not said are upstream’s', () => {
  const { spec } = defaulted({ behavior: { scaleUp: { stabilizationWindowSeconds: 9 } } })
  assert.deepEqual(spec.metrics, [cpu(80)])
  assert.equal(spec.minReplicas, 1)
  const percent = { type: 'Percent', value: 100, periodSeconds: 15 }
  assert.deepEqual(spec.behavior, {
    scaleUp: {
      ...{ stabilizationWindowSeconds: 9, selectPolicy: 'Max' },
      policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, percent],
    },
    scaleDown: { selectPolicy: 'Max', policies: [percent] },
  })
  assert.equal(defaulted({}).spec.behavior, undefined)
})

test('what cannot be measured, and rules that say nothing, are refused by name', () => {
  const target = { type: 'Utilization' }
  const metrics = (metric: object) => ({ metrics: [{ type: 'Resource', ...metric }] })
  const at = 'spec.metrics[0]'
  assert.deepEqual(wrong(metrics({ pods: { metric: { name: 'm' }, target } })), [`${at}.pods`])
  assert.deepEqual(wrong(metrics({ type: 'External' })), [`${at}.type`])
  assert.deepEqual(wrong(metrics({ type: '' })), [`${at}.type`])
  assert.deepEqual(wrong(metrics({})), [`${at}.resource`])
  assert.deepEqual(wrong(metrics({ resource: { name: '', target: {} } })), [
    `${at}.resource.name`,
    `${at}.resource.target.type`,
    `${at}.resource.target.averageUtilization`,
  ])
  const both = { averageUtilization: 0, averageValue: '1' }
  assert.deepEqual(wrong(metrics({ resource: { name: 'cpu', target: { ...target, ...both } } })), [
    `${at}.resource.target.averageUtilization`,
    `${at}.resource.target.averageValue`,
  ])
  const container = { name: 'cpu', container: '', target: { ...target, averageUtilization: 1 } }
  const ofOne = { type: 'ContainerResource', containerResource: container }
  assert.deepEqual(wrong(metrics(ofOne)), [`${at}.containerResource.container`])
  const rules = (scaleUp: object) => wrong({ behavior: { scaleUp } })
  const up = 'spec.behavior.scaleUp'
  assert.deepEqual(rules({ stabilizationWindowSeconds: -1, selectPolicy: 'Best' }), [
    `${up}.stabilizationWindowSeconds`,
    `${up}.selectPolicy`,
  ])
  assert.deepEqual(rules({ stabilizationWindowSeconds: 3601, policies: [] }), [
    `${up}.stabilizationWindowSeconds`,
    `${up}.policies`,
  ])
  const policy = { type: 'Nodes', value: 0, periodSeconds: 0 }
  assert.deepEqual(rules({ policies: [policy, { type: 'Pods', value: 1, periodSeconds: 1801 }] }), [
    ...['type', 'value', 'periodSeconds'].map((field) => `${up}.policies[0].${field}`),
    `${up}.policies[1].periodSeconds`,
  ])
  assert.deepEqual(rules({ tolerance: '0.5' }), [`${up}.tolerance`])
})

test('a table shows what each metric is and what is wanted, two of them', () => {
  const targets = (object: HorizontalPodAutoscaler) =>
    horizontalPodAutoscalers.row(object, new Date())[2]
  const amount = { type: 'AverageValue', averageValue: '50m' }
  const metrics = [
    cpu(50),
    { type: 'Resource', resource: { name: 'memory', target: amount } },
    cpu(1),
  ]
  const object = autoscaler({ metrics })
  assert.equal(targets(object), 'cpu: <unknown>/50%, memory: <unknown>/50m + 1 more...')
  const currentMetrics = [
    { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 12 } } },
    { type: 'Resource', resource: { name: 'memory', current: { averageValue: '7m' } } },
  ]
  const measured = { ...object, status: { desiredReplicas: 1, currentMetrics } }
  assert.equal(targets(measured), 'cpu: 12%/50%, memory: 7m/50m + 1 more...')
  assert.equal(targets(autoscaler()), '<none>')
})

test('autoscaling/v1 names one metric', () => {
  const { toHub, fromHub } = horizontalPodAutoscalerV1
  const v1 = {
    ...autoscaler(),
    spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 70 },
  }
  const hub = autoscaler({ metrics: [cpu(70)] })
  assert.deepEqual(toHub(v1), hub)
  assert.deepEqual(fromHub(hub), v1)
})
