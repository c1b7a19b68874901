import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HorizontalPodAutoscaler } from '@reckon/kubernetes'
import { PastScaling } from './past-scaling.ts'
import { plan, type Seen } from './plan.ts'
import type { UsageSample } from './usage-sample.ts'

const nowMs = Date.parse('2026-01-01T00:10:00Z')
type Spec = HorizontalPodAutoscaler['spec']

const resource = (name: string, target: object) =>
  ({ type: 'Resource', resource: { name, target: { type: 'Utilization', ...target } } }) as const
const half = resource('cpu', { averageUtilization: 50 })

const autoscaler = (spec: Partial<Spec> = {}, status?: HorizontalPodAutoscaler['status']) =>
  ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      ...{ minReplicas: 1, maxReplicas: 10, metrics: [half], ...spec },
    },
    ...(status && { status }),
  }) satisfies HorizontalPodAutoscaler

const using = (...all: number[]): UsageSample[] =>
  all.map((usage) => ({ pod: 'p', standing: 'Ready', usage, request: 100 }))

const seen = (samples: readonly UsageSample[], more: Partial<Seen> = {}): Seen => ({
  scale: { replicas: samples.length },
  ...{ samplesOf: () => samples, past: new PastScaling(), nowMs, ...more },
})

const conditionsOf = ({ status }: ReturnType<typeof plan>) =>
  (status?.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`)

test('under load it scales within its rate, and tells what it saw', () => {
  const planned = plan(autoscaler(), seen(using(100, 140)))
  const { decision, status } = planned
  assert.deepEqual(decision, {
    ...{ from: 2, to: 4, wanted: 5 },
    reason: 'cpu resource utilization (percentage of request) above target',
    metrics: [
      {
        ...{
          name: 'cpu resource utilization (percentage of request)',
          current: '120%',
          target: '50%',
        },
        ...{ replicas: 5, pods: { ready: 2, unready: 0, missing: 0, ignored: 0 } },
      },
    ],
    held: ['the desired replica count is increasing faster than the maximum scale rate'],
  })
  assert.deepEqual(
    [status?.currentReplicas, status?.desiredReplicas, status?.lastScaleTime],
    [2, 4, '2026-01-01T00:10:00Z'],
  )
  const current = { averageUtilization: 120, averageValue: '120m' }
  assert.deepEqual(status?.currentMetrics, [
    { type: 'Resource', resource: { name: 'cpu', current } },
  ])
  assert.deepEqual(conditionsOf(planned), [
    'AbleToScale True SucceededRescale',
    'ScalingActive True ValidMetricFound',
    'ScalingLimited True ScaleUpLimit',
  ])
  assert.equal(planned.recommended, 5)
})

test('when the load is gone it waits, then it scales down; the same again is no news', () => {
  const past = new PastScaling()
  past.recommend(4, nowMs - 100_000)
  const idle = seen(using(5, 5, 5, 5), { past })
  const waiting = plan(autoscaler(), idle)
  assert.equal(waiting.decision, undefined)
  assert.equal(waiting.recommended, 1)
  assert.ok(conditionsOf(waiting).includes('AbleToScale True ScaleDownStabilized'))
  assert.equal(plan(autoscaler({}, waiting.status), idle).status, undefined)
  const later = plan(autoscaler({}, waiting.status), { ...idle, nowMs: nowMs + 300_000 })
  assert.deepEqual([later.decision?.to, later.decision?.reason], [1, 'All metrics below target'])
})

test('what hardly moves is no news; a tenth is, of the value or of what is wanted', () => {
  const past = new PastScaling()
  past.recommend(2, nowMs)
  const told = (before: UsageSample[], now: UsageSample[]) => {
    const { status } = plan(autoscaler(), seen(before, { past }))
    const next = plan(autoscaler({}, status), seen(now, { past, nowMs: nowMs + 15_000 }))
    return next.status?.currentMetrics?.[0]?.resource?.current?.averageUtilization
  }
  assert.equal(told(using(48, 48), using(50, 50)), undefined)
  assert.equal(told(using(0, 1), using(3, 2)), undefined)
  assert.equal(told(using(48, 48), using(42, 42)), 42)
  assert.equal(told(using(2, 2), using(9, 9)), 9)
  assert.equal(told(using(50, 50), using(25, 25, 50)), 33)
})

test('the metric that wants most decides; what is not known keeps it from scaling down', () => {
  const both = autoscaler({ metrics: [half, resource('memory', { averageUtilization: 50 })] })
  const by = (memory: UsageSample[], cpu: UsageSample[]) =>
    plan(both, seen(cpu, { samplesOf: ({ resource }) => (resource === 'cpu' ? cpu : memory) }))
  const more = by(using(90, 90), using(10, 10))
  assert.deepEqual(
    [more.decision?.to, more.decision?.reason],
    [4, 'memory resource utilization (percentage of request) above target'],
  )
  const unknown: UsageSample[] = [{ pod: 'p', standing: 'Missing', request: 100 }]
  const less = by(unknown, using(10, 10))
  assert.equal(less.decision, undefined)
  assert.deepEqual(conditionsOf(less), [
    'AbleToScale True SucceededGetScale',
    'ScalingActive False FailedGetResourceMetric',
  ])
  assert.deepEqual(
    less.notes.map(({ reason }) => reason),
    ['FailedGetResourceMetric', 'FailedComputeMetricsReplicas'],
  )
  assert.match(
    less.notes[1]?.message ?? '',
    /^invalid metrics \(1 invalid out of 2\), first error is: failed to get memory utilization: unable to get metrics/,
  )
  assert.equal(by(unknown, using(90, 90)).decision?.to, 4)
})

test('bounds hold whatever the metrics want', () => {
  const to = (spec: Partial<Spec>, count: number) =>
    plan(autoscaler(spec), seen(using(...Array<number>(count).fill(50)))).decision
  assert.deepEqual(to({ maxReplicas: 2 }, 4), {
    ...{ from: 4, to: 2, reason: 'Current number of replicas above Spec.MaxReplicas', metrics: [] },
  })
  assert.equal(
    to({ minReplicas: 6 }, 4)?.reason,
    'Current number of replicas below Spec.MinReplicas',
  )
  assert.equal(to({}, 4), undefined)
})

test('a target with no replicas is left alone, one that is not there is told', () => {
  const off = plan(autoscaler(), seen([]))
  assert.deepEqual(conditionsOf(off), [
    'AbleToScale True SucceededGetScale',
    'ScalingActive False ScalingDisabled',
  ])
  const gone = plan(
    autoscaler(),
    seen([], { scale: { unknown: 'deployments.apps "web" not found' } }),
  )
  assert.deepEqual(conditionsOf(gone), ['AbleToScale False FailedGetScale'])
  assert.deepEqual(gone.notes, [
    { type: 'Warning', reason: 'FailedGetScale', message: 'deployments.apps "web" not found' },
  ])
})

test('what its target has refused is tried again, and not told again', () => {
  const { status } = plan(autoscaler(), seen(using(100, 100)))
  const refused = { type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale' }
  const [, ...others] = status?.conditions ?? []
  const { lastScaleTime: _, ...rest } = status ?? { currentReplicas: 2, desiredReplicas: 4 }
  const before = { ...rest, conditions: [{ ...refused, message: '' }, ...others] }
  const later = (usage: number) =>
    plan(autoscaler({}, before), seen(using(usage, usage), { nowMs: nowMs + 15_000 }))
  const again = later(100)
  assert.deepEqual([again.decision?.to, again.isRetry, again.status], [4, true, undefined])
  const other = later(75)
  assert.deepEqual([other.decision?.to, other.isRetry], [3, false])
  assert.equal(other.status?.lastScaleTime, '2026-01-01T00:10:15Z')
})

test('an amount of each pod, of one container, or of what nobody measures', () => {
  const amount = resource('cpu', { type: 'AverageValue', averageValue: '50m' })
  const { decision } = plan(autoscaler({ metrics: [amount] }), seen(using(200)))
  const { name, current, target } = decision?.metrics[0] ?? {}
  assert.deepEqual([decision?.to, name, current, target], [4, 'cpu resource', '200m', '50m'])
  const target50 = { type: 'Utilization', averageUtilization: 50 }
  const one = { name: 'cpu', container: 'app', target: target50 }
  const ofOne = autoscaler({ metrics: [{ type: 'ContainerResource', containerResource: one }] })
  const planned = plan(ofOne, seen(using(100)))
  assert.match(planned.decision?.reason ?? '', /^cpu container resource utilization/)
  assert.equal(planned.status?.currentMetrics?.[0]?.containerResource?.container, 'app')
  const external = { type: 'External', external: { metric: { name: 'queue' }, target: target50 } }
  const { notes } = plan(autoscaler({ metrics: [external] }), seen(using(100)))
  assert.equal(notes[0]?.reason, 'FailedGetExternalMetric')
})
