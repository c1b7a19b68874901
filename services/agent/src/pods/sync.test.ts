import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { type SeenContainer, sandboxName } from '../runtime/runtime.ts'
import { type PodMemory, sync } from './sync.ts'

const nowMs = 1_000_000
const nothing: PodMemory = {
  backOffs: new Map(),
  troubles: new Map(),
  hooked: new Set(),
  messages: new Map(),
  probes: new Map(),
}
const sandbox = seen(sandboxName, { id: 'sandbox', ip: '10.244.1.2' })

test('a new pod gets a sandbox first, then all its containers', () => {
  assert.deepEqual(types(pod(), []), ['StartSandbox'])
  assert.deepEqual(types(pod(), [sandbox]), ['StartContainer a', 'StartContainer b'])
})

test('a pod that runs needs nothing', () => {
  assert.deepEqual(types(pod(), [sandbox, seen('a'), seen('b')]), [])
})

test('a container whose sandbox is gone ends, and all begins anew', () => {
  const dead = { ...sandbox, state: 'Exited' as const }
  assert.deepEqual(types(pod(), [dead, seen('a'), seen('b')]), [
    'StopContainer a',
    'StopContainer b',
  ])
  const ended = [exited('a', 137), exited('b', 137)]
  assert.deepEqual(types(pod(), [dead, ...ended]), [`RemoveContainer ${sandboxName}`])
  assert.deepEqual(types(pod(), ended), ['StartSandbox'])
  const plan = sync(pod(), [{ ...sandbox, id: 'new', sandboxId: 'new' }, ...ended], nothing, nowMs)
  assert.deepEqual(
    plan.steps.map((step) => 'attempt' in step && step.attempt),
    [1, 1],
  )
})

for (const [policy, code, restarts] of [
  ['Always', 0, true],
  ['Always', 1, true],
  ['OnFailure', 0, false],
  ['OnFailure', 1, true],
  ['Never', 1, false],
] as const) {
  test(`restartPolicy ${policy}: exit code ${code} ${restarts ? 'restarts' : 'is the end'}`, () => {
    const steps = types(pod({ restartPolicy: policy }), [sandbox, exited('a', code), seen('b')])
    assert.deepEqual(steps, restarts ? ['StartContainer a'] : [])
  })
}

test('a container that ended again waits for its back-off', () => {
  const backOffs = new Map([['a', { failures: 1, sinceMs: nowMs - 20_000 }]])
  const plan = sync(pod(), [sandbox, exited('a', 1), seen('b')], { ...nothing, backOffs }, nowMs)
  assert.deepEqual(plan, { steps: [], wakeAtMs: nowMs + 10_000 })
})

test('a pod that may run no longer is ended, and looked at then', () => {
  const startTime = new Date(nowMs - 20_000).toISOString()
  const timed = { ...pod({ activeDeadlineSeconds: 30 }), status: { startTime } }
  const running = [sandbox, seen('a'), seen('b')]
  assert.deepEqual(sync(timed, running, nothing, nowMs), { steps: [], wakeAtMs: nowMs + 10_000 })
  const late = sync(timed, running, nothing, nowMs + 10_000)
  assert.deepEqual(
    late.steps.map(({ type }) => type),
    ['StopContainer', 'StopContainer'],
  )
  const ended = sync(timed, [sandbox, exited('a', 137), exited('b', 137)], nothing, nowMs + 10_000)
  assert.deepEqual(
    ended.steps.map(({ type }) => type),
    ['RemoveContainer'],
  )
})

test('a pod whose containers have all ended for good loses its sandbox', () => {
  const over = pod({ restartPolicy: 'Never' })
  assert.deepEqual(types(over, [sandbox, exited('a', 0), exited('b', 1)]), [
    `RemoveContainer ${sandboxName}`,
  ])
  assert.deepEqual(types(over, [exited('a', 0), exited('b', 1)]), [])
})

test('init containers come one after another, and a failed one ends a pod that never restarts', () => {
  const spec = { initContainers: [{ name: 'i' }, { name: 'j' }] }
  assert.deepEqual(types(pod(spec), [sandbox]), ['StartContainer i'])
  assert.deepEqual(types(pod(spec), [sandbox, seen('i')]), [])
  assert.deepEqual(types(pod(spec), [sandbox, exited('i', 0)]), ['StartContainer j'])
  const done = [sandbox, exited('i', 0), exited('j', 0)]
  assert.deepEqual(types(pod(spec), done), ['StartContainer a', 'StartContainer b'])
  const never = pod({ ...spec, restartPolicy: 'Never' })
  assert.deepEqual(types(never, [exited('i', 1)]), [])
})

test('a terminating pod ends, is removed, its sandbox last, and is gone', () => {
  const terminating = pod({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })
  assert.deepEqual(types(terminating, [sandbox, seen('a'), exited('b', 0)]), ['StopContainer a'])
  const ended = [exited('a', 0), exited('b', 0)]
  assert.deepEqual(types(terminating, [sandbox, ...ended]), [
    'RemoveContainer a',
    'RemoveContainer b',
  ])
  assert.deepEqual(types(terminating, [sandbox]), [`RemoveContainer ${sandboxName}`])
  assert.deepEqual(types(terminating, []), ['RemovePod'])
  assert.deepEqual(types(undefined, [sandbox, seen('a')]), ['StopContainer a'])
})

test('of the attempts that ended only the last two are kept', () => {
  const attempts = [0, 1, 2].map((attempt) => exited('a', 1, { attempt }))
  const running = seen('a', { attempt: 3 })
  const steps = sync(pod(), [sandbox, ...attempts, running, seen('b')], nothing, nowMs).steps
  assert.deepEqual(
    steps.map((step) => 'seen' in step && step.seen.attempt),
    [0, 1],
  )
})

test('where the machine forgot a container, its count goes on', () => {
  const status = {
    name: 'a',
    image: '',
    imageID: '',
    ready: true,
    restartCount: 4,
    containerID: 'x',
  }
  const forgotten: Pod = { ...pod(), status: { containerStatuses: [status] } }
  const [first] = sync(forgotten, [sandbox], nothing, nowMs).steps
  assert.equal(first?.type === 'StartContainer' && first.attempt, 5)
})

/** As `exited`, told and then removed by somebody else. */
const pruned = (name: string, exitCode: number, finishedAtMs = nowMs) => ({
  ...{ name, image: 'image:1', imageID: '', ready: false, restartCount: 2 },
  state: { terminated: { exitCode, finishedAt: new Date(finishedAtMs).toISOString() } },
})

test('what has ended is not started again because the machine forgot it, but in a new sandbox', () => {
  const spec = { restartPolicy: 'OnFailure', initContainers: [{ name: 'i' }] }
  const told = (finishedAtMs = nowMs): Pod => ({
    ...pod(spec),
    status: {
      initContainerStatuses: [pruned('i', 0, finishedAtMs)],
      containerStatuses: [pruned('a', 0, finishedAtMs)],
    },
  })
  assert.deepEqual(types(told(), [sandbox, seen('b')]), [])
  assert.deepEqual(types(told(), [sandbox, exited('b', 0)]), [`RemoveContainer ${sandboxName}`])
  const plan = sync(told(nowMs - 120_000), [sandbox], nothing, nowMs)
  assert.deepEqual(
    plan.steps.map((step) => step.type === 'StartContainer' && [step.container.name, step.attempt]),
    [['i', 3]],
  )
})

test('one that failed, and was removed while it waited to start again, is counted on', () => {
  const { state, ...counted } = pruned('a', 1)
  const waiting = { ...counted, state: { waiting: {} }, lastState: state }
  const told: Pod = { ...pod(), status: { containerStatuses: [waiting] } }
  const [step] = sync(told, [sandbox, seen('b')], nothing, nowMs).steps
  assert.equal(step?.type === 'StartContainer' && step.attempt, 3)
})

function types(
  wanted: Pod | undefined,
  containers: readonly SeenContainer[],
  memory = nothing,
): string[] {
  return sync(wanted, containers, memory, nowMs).steps.map((step) => {
    if (step.type === 'StartContainer') return `${step.type} ${step.container.name}`
    return 'seen' in step ? `${step.type} ${step.seen.container}` : step.type
  })
}

function pod(spec: Partial<Pod['spec']> = {}, metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace: 'default', uid: 'uid', ...metadata },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec },
  }
}

function seen(container: string, more: Partial<SeenContainer> = {}): SeenContainer {
  return {
    id: `${container}-${more.attempt ?? 0}`,
    pod: { uid: 'uid', namespace: 'default', name: 'pod' },
    container,
    attempt: 0,
    sandboxId: 'sandbox',
    state: 'Running',
    image: 'image:1',
    imageId: 'sha256:image',
    startedAtMs: nowMs - 60_000,
    exitCode: 0,
    outOfMemory: false,
    ...more,
  }
}

function exited(container: string, exitCode: number, more: Partial<SeenContainer> = {}) {
  return seen(container, { state: 'Exited', exitCode, finishedAtMs: nowMs, ...more })
}

test('a sidecar is there once its startup probe says so, and ends after all others', () => {
  const sidecar = (name: string) => ({
    name,
    restartPolicy: 'Always',
    startupProbe: { exec: { command: ['true'] } },
  })
  const initContainers = [sidecar('s'), sidecar('t')]
  const own: Pod = { ...pod(), spec: { ...pod().spec, initContainers } }
  const started = (...ids: string[]): PodMemory => ({
    ...nothing,
    probes: new Map(ids.map((id) => [id, { started: true, ready: true }])),
  })
  const next = (memory: PodMemory, ...others: SeenContainer[]) =>
    types(own, [sandbox, ...others], memory)
  const [s, t] = [seen('s', { id: 's-0' }), seen('t', { id: 't-0' })]
  assert.deepEqual(next(nothing, s), [])
  assert.deepEqual(next(started('s-0'), s), ['StartContainer t'])
  assert.deepEqual(next({ ...started('s-0', 't-0'), hooked: new Set(['t']) }, s, t), [])
  assert.deepEqual(next(started('s-0', 't-0'), s, t), ['StartContainer a', 'StartContainer b'])
  own.metadata = { ...own.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.deepEqual(next(nothing, s, t, seen('a')), ['StopContainer a'])
  assert.deepEqual(next(nothing, s, t, exited('a', 0)), ['StopContainer t'])
  assert.deepEqual(next(nothing, s, exited('t', 0)), ['StopContainer s'])
})

test('an ephemeral container is started once, and not again', () => {
  const debugged: Pod = { ...pod(), spec: { ...pod().spec, ephemeralContainers: [{ name: 'e' }] } }
  const running = [sandbox, seen('a'), seen('b')]
  assert.deepEqual(types(debugged, running), ['StartContainer e'])
  assert.deepEqual(types(debugged, [...running, exited('e', 1)]), [])
})
