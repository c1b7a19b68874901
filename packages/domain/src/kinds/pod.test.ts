import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { podRules } from './pod.ts'
import { contextWith } from './prepare-context.fixture.ts'

const nowMs = Date.UTC(2026, 0, 1)

const pod = (spec: object, metadata: object = {}, phase = 'Running'): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec: { containers: [], nodeName: 'n', ...spec },
    status: { phase },
  }) as unknown as Pod

/** Given a pod, when its deletion is asked for, then it goes at once, or terminates so long. */
const given = (before: Pod) => ({
  whenDeleted: (options: { gracePeriodSeconds?: number } = {}) => {
    const after = podRules.terminating?.(before, { ...options, nowMs })
    return {
      thenGoesAtOnce: () => assert.equal(after, undefined),
      thenStaysAsItIs: () => assert.equal(after, before),
      thenEndsWithin: (seconds: number) => {
        assert.equal(after?.metadata.deletionGracePeriodSeconds, seconds)
        const endsAt = new Date(nowMs + seconds * 1000).toISOString().replace('.000', '')
        assert.equal(after?.metadata.deletionTimestamp, endsAt)
      },
    }
  },
})
const terminating = (seconds: number) => ({ deletionGracePeriodSeconds: seconds })

test('a pod that no node has goes at once', () =>
  given(pod({ nodeName: undefined }))
    .whenDeleted()
    .thenGoesAtOnce())

for (const phase of ['Succeeded', 'Failed']) {
  test(`a pod that has ${phase} goes at once`, () =>
    given(pod({}, {}, phase))
      .whenDeleted()
      .thenGoesAtOnce())
}

test('a pod ends within the time that is asked for, else within its own, else within 30 s', () => {
  given(pod({ terminationGracePeriodSeconds: 10 }))
    .whenDeleted({ gracePeriodSeconds: 5 })
    .thenEndsWithin(5)
  given(pod({ terminationGracePeriodSeconds: 10 }))
    .whenDeleted()
    .thenEndsWithin(10)
  given(pod({})).whenDeleted().thenEndsWithin(30)
})

test('with no time left a pod goes at once', () => {
  given(pod({})).whenDeleted({ gracePeriodSeconds: 0 }).thenGoesAtOnce()
  given(pod({})).whenDeleted({ gracePeriodSeconds: -1 }).thenGoesAtOnce()
})

test('a pod that terminates may be given less time, and no more', () => {
  given(pod({}, terminating(30)))
    .whenDeleted({ gracePeriodSeconds: 29 })
    .thenEndsWithin(29)
  given(pod({}, terminating(30)))
    .whenDeleted({ gracePeriodSeconds: 30 })
    .thenStaysAsItIs()
  given(pod({}, terminating(30)))
    .whenDeleted({ gracePeriodSeconds: 31 })
    .thenStaysAsItIs()
})

test('a deletion that names no time changes nothing of a pod that terminates', () =>
  given(pod({}, terminating(60)))
    .whenDeleted()
    .thenStaysAsItIs())

test('a pod that its agent has let go of goes', () =>
  given(pod({}, terminating(0)))
    .whenDeleted({ gracePeriodSeconds: 5 })
    .thenGoesAtOnce())

test('a pod begins Pending, of a quality of service that its spec says', () => {
  const created = podRules.prepareCreate?.(pod({}), contextWith())
  assert.deepEqual(created?.status, { phase: 'Pending', qosClass: 'BestEffort' })
})

test('a pod with gates says from its beginning that nothing places it yet', () => {
  const gated = pod({ schedulingGates: [{ name: 'wait' }] })
  const [condition] = podRules.prepareCreate?.(gated, contextWith()).status?.conditions ?? []
  assert.deepEqual(
    [condition?.type, condition?.status, condition?.reason],
    ['PodScheduled', 'False', 'SchedulingGated'],
  )
})

/** Given a pod's status, when it becomes another one, then the change is the one called so, or none of these. */
const nameOf = (before: object, after: object, spec: object = {}) => {
  const [was, is] = [pod({}), pod(spec)].map((each, n) => ({ ...each, status: n ? after : before }))
  return podRules.changes?.find((change) => change.is?.(was as Pod, is as Pod))?.type
}
const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
const restarted = (...counts: number[]) => ({
  containerStatuses: counts.map((restartCount) => ({ restartCount })),
})

test('a phase that stays is no start and no end', () => {
  for (const phase of ['Running', 'Succeeded', 'Failed']) {
    assert.equal(nameOf({ phase }, { phase, message: 'x' }), undefined)
  }
})

test('a pod whose spec changes at the same time has not started', () =>
  assert.equal(nameOf({ phase: 'Pending' }, { phase: 'Running' }, { priority: 1 }), undefined))

test('restarts of all containers count, and only more of them', () => {
  assert.equal(nameOf(restarted(1, 1), restarted(1, 2)), 'PodContainerRestarted')
  assert.equal(nameOf(restarted(1, 2), restarted(1, 2)), undefined)
  assert.equal(nameOf(restarted(1, 2), restarted(0, 2)), undefined)
  assert.equal(nameOf({}, restarted(1)), 'PodContainerRestarted')
})

test('readiness has a name where it changes within a phase', () => {
  assert.equal(nameOf({}, ready), 'PodBecameReady')
  assert.equal(nameOf(ready, {}), 'PodBecameUnready')
  assert.equal(nameOf(ready, { ...ready, message: 'x' }), undefined)
  assert.equal(nameOf({}, { message: 'x' }), undefined)
  assert.equal(nameOf({ phase: 'Running' }, { phase: 'Unknown', ...ready }), undefined)
})
