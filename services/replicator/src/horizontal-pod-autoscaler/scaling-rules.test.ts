import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HorizontalPodAutoscaler } from '@reckon/kubernetes'
import { PastScaling } from './past-scaling.ts'
import { limited, stabilized } from './scaling-rules.ts'

type Behavior = HorizontalPodAutoscaler['spec']['behavior']

const nowMs = 10_000_000
const ago = (seconds: number) => nowMs - seconds * 1000

function given({ current = 4, min = 1, max = 20 } = {}, behavior?: Behavior) {
  const past = new PastScaling()
  const situation = { current, min, max, past, nowMs }
  return {
    recommended: (...all: [replicas: number, secondsAgo: number][]) => {
      for (const [replicas, seconds] of all) past.recommend(replicas, ago(seconds))
      return (wanted: number) => stabilized(wanted, behavior, situation)
    },
    scaled: (...all: [by: number, secondsAgo: number][]) => {
      for (const [by, seconds] of all) past.scaled(by, ago(seconds))
      const outcome = (wanted: number) => {
        const { replicas, reason } = limited(wanted, behavior, situation)
        return [replicas, reason]
      }
      return outcome
    },
  }
}

test('there are fewer only when fewer were wanted for five minutes, and more at once', () => {
  const wanting = given().recommended([3, 400], [6, 299], [2, 100])
  assert.deepEqual([wanting(1)?.replicas, wanting(1)?.reason], [4, 'ScaleDownStabilized'])
  assert.equal(wanting(9), undefined)
  assert.equal(given().recommended([6, 301])(1), undefined)
  assert.equal(given().recommended([2, 60])(1)?.replicas, 2)
})

test('windows are what the autoscaler says', () => {
  const slow = {
    scaleUp: { stabilizationWindowSeconds: 60 },
    scaleDown: { stabilizationWindowSeconds: 0 },
  }
  const wanting = given({}, slow).recommended([5, 59], [3, 61])
  assert.deepEqual([wanting(9)?.replicas, wanting(9)?.reason], [5, 'ScaleUpStabilized'])
  assert.equal(wanting(1), undefined)
})

test('bounds hold, and say so', () => {
  const to = given({ current: 4, min: 2, max: 6 }).scaled()
  assert.deepEqual(to(9), [6, 'TooManyReplicas'])
  assert.deepEqual(to(1), [2, 'TooFewReplicas'])
  assert.deepEqual(to(5), [5, 'DesiredWithinRange'])
  assert.deepEqual(to(4), [4, 'DesiredWithinRange'])
})

test('without rules there are at most twice as many, or four', () => {
  assert.deepEqual(given({ current: 1 }).scaled()(9), [4, 'ScaleUpLimit'])
  assert.deepEqual(given({ current: 4 }).scaled()(9), [8, 'ScaleUpLimit'])
})

const policies = [
  { type: 'Pods', value: 2, periodSeconds: 60 },
  { type: 'Percent', value: 100, periodSeconds: 60 },
]

test('policies are reckoned from what there was when their period began', () => {
  const up = (selectPolicy: string) => ({ scaleUp: { selectPolicy, policies } })
  assert.deepEqual(given({}, up('Max')).scaled([2, 30], [9, 61])(20), [4, 'ScaleUpLimit'])
  assert.deepEqual(given({}, up('Max')).scaled()(20), [8, 'ScaleUpLimit'])
  assert.deepEqual(given({}, up('Min')).scaled()(20), [6, 'ScaleUpLimit'])
  assert.deepEqual(given({}, up('Disabled')).scaled()(20), [4, 'ScaleUpLimit'])
  assert.deepEqual(given({ current: 2 }, up('Max')).scaled([-1, 30])(20), [6, 'ScaleUpLimit'])
  const down = (selectPolicy: string) => ({
    scaleDown: {
      selectPolicy,
      policies: [...policies.slice(0, 1), { type: 'Percent', value: 25, periodSeconds: 60 }],
    },
  })
  assert.deepEqual(given({}, down('Max')).scaled()(1), [2, 'ScaleDownLimit'])
  assert.deepEqual(given({}, down('Min')).scaled()(1), [3, 'ScaleDownLimit'])
  assert.deepEqual(given({}, down('Max')).scaled([-1, 10])(1), [3, 'ScaleDownLimit'])
  assert.deepEqual(given({}, down('Disabled')).scaled()(1), [4, 'ScaleDownLimit'])
  assert.deepEqual(given({ min: 3 }, down('Max')).scaled()(1), [3, 'TooFewReplicas'])
})
