import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodStatus } from '@reckon/kubernetes'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import { podStatusOf } from './pod-status.ts'
import type { PodMemory } from './sync.ts'

const nowMs = Date.UTC(2026, 0, 1)
const nothing: PodMemory = {
  backOffs: new Map(),
  troubles: new Map(),
  hooked: new Set(),
  messages: new Map(),
  probes: new Map(),
}

test('a pod of which nothing is seen yet is Pending', () => {
  const status = statusOf(pod(), [])
  assert.equal(status.phase, 'Pending')
  assert.equal(status.containerStatuses?.[0]?.state?.waiting?.reason, 'ContainerCreating')
  assert.equal(conditionOf(status, 'Ready')?.reason, 'ContainersNotReady')
  assert.equal(conditionOf(status, 'PodScheduled')?.status, 'True')
})

test('a pod all of whose containers run is Running and Ready', () => {
  const status = statusOf(pod(), [sandbox, seen()])
  assert.equal(status.phase, 'Running')
  assert.equal(status.podIP, '10.244.1.2')
  assert.equal(status.hostIP, '192.0.2.1')
  assert.equal(status.startTime, '2026-01-01T00:00:00Z')
  assert.equal(conditionOf(status, 'Ready')?.status, 'True')
  assert.equal(status.containerStatuses?.[0]?.containerID, 'docker://a-0')
})

test('a pod is ready to start containers while it has a network and is not over', () => {
  const readyToStart = (...given: Parameters<typeof statusOf>) =>
    conditionOf(statusOf(...given), 'PodReadyToStartContainers')?.status
  assert.equal(readyToStart(pod(), []), 'False')
  assert.equal(readyToStart(pod(), [sandbox, seen()]), 'True')
  assert.equal(readyToStart(pod(), [{ ...sandbox, state: 'Exited' }, seen()]), 'False')
  const once = pod({ restartPolicy: 'Never' })
  assert.equal(readyToStart(once, [sandbox, exited(0)]), 'False')
})

test('the network alone is no news', () => {
  assert.deepEqual(statusOf(pod(), [sandbox]), statusOf(pod(), []))
})

test('a pod that was active for too long has failed once nothing of it runs any more', () => {
  const late = pod({ activeDeadlineSeconds: 30, restartPolicy: 'Never' })
  const first = statusOf(late, [sandbox, seen()])
  const later = { previous: first, nowMs: nowMs + 30_000 }
  assert.equal(statusOf(late, [sandbox, seen()], later).phase, 'Running')
  const over = statusOf(late, [sandbox, exited(0)], later)
  const { phase, reason, message } = over
  assert.deepEqual(
    [phase, reason, message],
    ['Failed', 'DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'],
  )
  const again = statusOf({ ...late, status: over }, [exited(0)], { ...later, previous: over })
  assert.deepEqual(again, over)
})

test('a pod with readinessGates is ready once the condition of each is True', () => {
  const gated = pod({ readinessGates: [{ conditionType: 'example.com/open' }] })
  const closed = statusOf(gated, [sandbox, seen()])
  assert.equal(conditionOf(closed, 'ContainersReady')?.status, 'True')
  assert.equal(conditionOf(closed, 'Ready')?.reason, 'ReadinessGatesNotReady')
  const conditions = [{ type: 'example.com/open', status: 'True' }]
  const open = statusOf({ ...gated, status: { conditions } }, [sandbox, seen()])
  assert.equal(conditionOf(open, 'Ready')?.status, 'True')
})

test('what was told to have ended stays so when the engine forgets it', () => {
  const made = pod({ initContainers: [{ name: 'i' }], restartPolicy: 'OnFailure' })
  const init = { ...exited(0), container: 'i', id: 'i-0' }
  const first = statusOf(made, [sandbox, init, exited(3, { attempt: 1 })])
  const later = statusOf(made, [sandbox], { previous: first })
  assert.deepEqual(later, first)
  assert.equal(later.initContainerStatuses?.[0]?.state?.terminated?.reason, 'Completed')
  assert.equal(later.containerStatuses?.[0]?.restartCount, 1)
})

test('a second look tells nothing new', () => {
  const first = statusOf(pod(), [sandbox, seen()])
  assert.deepEqual(
    statusOf(pod(), [sandbox, seen()], { previous: first, nowMs: nowMs + 5_000 }),
    first,
  )
})

test('a container out of memory says so, one whose child was says only how it ended', () => {
  const killed = statusOf(pod({ restartPolicy: 'Never' }), [exited(137, { outOfMemory: true })])
  assert.equal(killed.containerStatuses?.[0]?.state?.terminated?.reason, 'OOMKilled')
  assert.equal(killed.phase, 'Failed')
  const ended = statusOf(pod({ restartPolicy: 'Never' }), [exited(0, { outOfMemory: true })])
  assert.equal(ended.containerStatuses?.[0]?.state?.terminated?.reason, 'Completed')
  assert.equal(ended.phase, 'Succeeded')
  assert.equal(conditionOf(ended, 'Ready')?.reason, 'PodCompleted')
})

test('while a container waits for its next attempt, its end is its last state', () => {
  const backOffs = new Map([['a', { failures: 1, sinceMs: nowMs - 1_000 }]])
  const status = statusOf(pod(), [sandbox, exited(3)], { memory: { ...nothing, backOffs } })
  const [container] = status.containerStatuses ?? []
  assert.equal(container?.state?.waiting?.reason, 'CrashLoopBackOff')
  assert.match(
    container?.state?.waiting?.message ?? '',
    /^back-off 10s restarting failed container=a /,
  )
  assert.equal(container?.lastState?.terminated?.exitCode, 3)
  assert.equal(status.phase, 'Running')
})

test('why a container cannot be started is what it waits for', () => {
  const trouble = { reason: 'ErrImagePull', message: 'not found', failures: 1, retryAtMs: nowMs }
  const memory = { ...nothing, troubles: new Map([['a', trouble]]) }
  const status = statusOf(pod(), [sandbox], { memory })
  assert.deepEqual(status.containerStatuses?.[0]?.state, {
    waiting: { reason: 'ErrImagePull', message: 'not found' },
  })
})

test('a command that cannot be run is an error of the start', () => {
  const status = statusOf(pod(), [sandbox, exited(127, { startError: 'no such file' })])
  assert.deepEqual(status.containerStatuses?.[0]?.state?.waiting, {
    reason: 'RunContainerError',
    message: 'no such file',
  })
})

test('a pod with a readiness probe is not ready before the probe says so', () => {
  const probed = pod({ containers: [{ name: 'a', readinessProbe: {} }] })
  assert.equal(conditionOf(statusOf(probed, [sandbox, seen()]), 'Ready')?.status, 'False')
  const memory = { ...nothing, probes: new Map([['a-0', { started: true, ready: true }]]) }
  assert.equal(
    conditionOf(statusOf(probed, [sandbox, seen()], { memory }), 'Ready')?.status,
    'True',
  )
})

test('a container that was ready stays so while its agent, started again, has no answer yet', () => {
  const probed = pod({ containers: [{ name: 'a', readinessProbe: {} }] })
  const memory = { ...nothing, probes: new Map([['a-0', { started: true, ready: true }]]) }
  const before = statusOf(probed, [sandbox, seen()], { memory })
  const again = statusOf({ ...probed, status: before }, [sandbox, seen()], { previous: before })
  assert.deepEqual(again, before)
  const next = statusOf({ ...probed, status: before }, [sandbox, seen({ id: 'a-1', attempt: 1 })])
  assert.equal(conditionOf(next, 'Ready')?.status, 'False')
})

test('a failed init container ends a pod that never restarts', () => {
  const spec = { restartPolicy: 'Never', initContainers: [{ name: 'i' }] } as const
  const failed = statusOf(pod({ ...spec, initContainers: [{ name: 'i' }] }), [
    exited(1, { container: 'i' }),
  ])
  assert.equal(failed.phase, 'Failed')
  assert.equal(conditionOf(failed, 'Initialized')?.status, 'False')
})

function statusOf(
  wanted: Pod,
  containers: readonly SeenContainer[],
  more: Partial<Parameters<typeof podStatusOf>[0]> = {},
): PodStatus {
  return podStatusOf({
    pod: wanted,
    seen: containers,
    memory: nothing,
    runtimeName: 'docker',
    nowMs,
    hostIP: '192.0.2.1',
    previous: undefined,
    ...more,
  })
}

const conditionOf = (status: PodStatus, type: string) =>
  status.conditions?.find((condition) => condition.type === type)

function pod(spec: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace: 'default', uid: 'uid' },
    spec: { containers: [{ name: 'a' }], ...spec },
  }
}

function seen(more: Partial<SeenContainer> = {}): SeenContainer {
  return {
    id: 'a-0',
    pod: { uid: 'uid', namespace: 'default', name: 'pod' },
    container: 'a',
    attempt: 0,
    sandboxId: 'sandbox',
    state: 'Running',
    image: 'image:1',
    imageId: 'sha256:image',
    startedAtMs: nowMs,
    exitCode: 0,
    outOfMemory: false,
    ...more,
  }
}

const sandbox = seen({ id: 'sandbox', container: sandboxName, ip: '10.244.1.2' })
const exited = (exitCode: number, more: Partial<SeenContainer> = {}) =>
  seen({ state: 'Exited', exitCode, finishedAtMs: nowMs, ...more })

test('until its postStart hook is over a container is not told of as running', () => {
  const memory = { ...nothing, hooked: new Set(['a']) }
  const status = statusOf(pod(), [sandbox, seen()], { memory })
  assert.equal(status.containerStatuses?.[0]?.state?.waiting?.reason, 'ContainerCreating')
  assert.equal(conditionOf(status, 'Ready')?.status, 'False')
})

test('what a container said of its end is told with it', () => {
  const memory = { ...nothing, messages: new Map([['a-0', 'out of tea']]) }
  const status = statusOf(pod({ restartPolicy: 'Never' }), [exited(3)], { memory })
  assert.equal(status.containerStatuses?.[0]?.state?.terminated?.message, 'out of tea')
})
