import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Job, JobStatus, Pod } from '@reckon/kubernetes'
import { indexAnnotation } from '../ownership/completion-index.ts'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import type { PodPlan } from '../ownership/pod-plan.ts'
import { UsedSlots } from '../ownership/used-slots.ts'
import { plan } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1, 12)
const now = '2026-01-01T12:00:00Z'
const at = (seconds: number) => `${new Date(nowMs + seconds * 1000).toISOString().slice(0, 19)}Z`

const job = (spec: object = {}, status?: JobStatus): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'sum', namespace: 'default', uid: 'j' },
  spec: {
    completions: 1,
    parallelism: 1,
    backoffLimit: 6,
    selector: { matchLabels: { job: 'sum' } },
    template: {
      metadata: { labels: { job: 'sum' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
    },
    ...spec,
  },
  ...(status && { status }),
})

type PodOptions = {
  phase?: string
  endedAt?: string
  restarts?: number
  index?: number
  ending?: boolean
}
const pod = (
  name: string,
  { phase = 'Running', endedAt, restarts = 0, index, ending }: PodOptions = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    labels: { job: 'sum' },
    ownerReferences: [controllerReferenceTo(job())],
    ...(index !== undefined && { annotations: { [indexAnnotation]: String(index) } }),
    ...(ending && { deletionTimestamp: now }),
  },
  spec: { containers: [] },
  status: {
    phase,
    containerStatuses: [
      {
        name: 'c',
        image: '',
        imageID: '',
        ready: false,
        restartCount: restarts,
        ...(endedAt && { state: { terminated: { exitCode: 1, finishedAt: endedAt } } }),
      },
    ],
  },
})

type Ends = {
  succeeded?: number
  failed?: number
  indexes?: number[]
  failures?: Record<number, number>
  verdict?: string
}
const planned = (
  of: Job,
  pods: Pod[],
  { succeeded = 0, failed = 0, indexes = [], failures = {}, verdict }: Ends = {},
) =>
  plan(of, pods, {
    nowMs,
    freeSlots: () => new UsedSlots(pods.length).free(),
    podEnds: {
      succeeded,
      failed,
      indexes: new Set(indexes),
      failures: new Map(
        Object.entries(failures).map(([index, count]) => [
          Number(index),
          { count, isFinal: false },
        ]),
      ),
      ...(verdict !== undefined && { verdict }),
    },
    revisions: () => [],
    nodes: () => [],
    claim: () => undefined,
    isTaken: () => false,
  })
const created = ({ steps }: PodPlan) =>
  steps.flatMap((step) => (step.type === 'CreatePod' ? [step.pod] : []))
const deleted = ({ steps }: PodPlan) =>
  steps.flatMap((step) => (step.type === 'DeletePod' ? [step.pod.metadata.name] : []))
const statusIn = ({ steps }: PodPlan): JobStatus | undefined =>
  steps.flatMap((step) => (step.type === 'SetStatus' ? [step.status] : []))[0]
const conditionsIn = (of: PodPlan) =>
  statusIn(of)?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)

test('a Job makes as many pods at once as it may, and no more than are still to succeed', () => {
  const wanted = job({ completions: 5, parallelism: 3 })
  assert.equal(created(planned(wanted, [])).length, 3)
  assert.equal(created(planned(wanted, [pod('a')], { succeeded: 3 })).length, 1)
  assert.equal(statusIn(planned(wanted, []))?.startTime, now)
})

test('the names of its pods follow from its uid and their slots', () => {
  const names = () =>
    created(planned(job({ parallelism: 2, completions: 2 }), [])).map(
      ({ metadata }) => metadata.name,
    )
  assert.deepEqual(names(), names())
  assert.equal(new Set(names()).size, 2)
})

test('a Job is complete once enough pods have succeeded and none runs any more', () => {
  const counted = planned(job(), [pod('a', { phase: 'Succeeded' })], { succeeded: 1 })
  assert.deepEqual(conditionsIn(counted), [
    'SuccessCriteriaMet=True CompletionsReached',
    'Complete=True CompletionsReached',
  ])
  assert.equal(statusIn(counted)?.completionTime, now)
  assert.equal(statusIn(counted)?.succeeded, 1)
})

test('a success counts also when its pod is gone, and a pod without the log counts for nothing', () => {
  assert.equal(statusIn(planned(job(), [], { succeeded: 1 }))?.succeeded, 1)
  assert.equal(statusIn(planned(job(), [pod('a', { phase: 'Succeeded' })]))?.succeeded, undefined)
})

test('without a number of completions the first success ends the making of pods, and the last pod the Job', () => {
  const queue = job({ completions: undefined, parallelism: 3 })
  assert.equal(created(planned(queue, [pod('a')])).length, 2)
  const rest = planned(queue, [pod('a'), pod('b', { phase: 'Succeeded' })], { succeeded: 1 })
  assert.deepEqual([created(rest), conditionsIn(rest)], [[], undefined])
  assert.equal(conditionsIn(planned(queue, [], { succeeded: 1 }))?.length, 2)
})

test('after a failure the next pod waits, twice as long for each that failed since a success', () => {
  const failed = (name: string, seconds: number) =>
    pod(name, { phase: 'Failed', endedAt: at(seconds) })
  const once = planned(job(), [failed('a', -4)], { failed: 1 })
  assert.deepEqual([created(once), once.againAtMs], [[], nowMs + 6_000])
  const thrice = planned(job(), [failed('a', -90), failed('b', -60), failed('c', -30)], {
    failed: 3,
  })
  assert.equal(thrice.againAtMs, nowMs + 10_000)
  assert.equal(created(planned(job(), [failed('a', -10)], { failed: 1 })).length, 1)
  const since = [
    failed('a', -60),
    pod('b', { phase: 'Succeeded', endedAt: at(-30) }),
    failed('c', -5),
  ]
  assert.equal(
    planned(job({ completions: 2 }), since, { succeeded: 1, failed: 2 }).againAtMs,
    nowMs + 5_000,
  )
})

test('more failures than the limit end the Job: first its pods go, then it has failed', () => {
  const limited = job({ backoffLimit: 1, parallelism: 2, completions: 2 })
  const first = planned(limited, [pod('a')], { failed: 2 })
  assert.deepEqual(deleted(first), ['a'])
  assert.deepEqual(conditionsIn(first), ['FailureTarget=True BackoffLimitExceeded'])
  const status = statusIn(first)
  const then = planned({ ...limited, ...(status && { status }) }, [pod('a', { ending: true })], {
    failed: 2,
  })
  assert.deepEqual(
    [conditionsIn(then), statusIn(then)?.terminating],
    [['FailureTarget=True BackoffLimitExceeded'], 1],
  )
  const last = planned({ ...limited, ...(status && { status }) }, [], { failed: 2 })
  assert.deepEqual(conditionsIn(last), [
    'FailureTarget=True BackoffLimitExceeded',
    'Failed=True BackoffLimitExceeded',
  ])
})

test('containers that are started again count against the limit, too', () => {
  const template = { ...job().spec.template, spec: { restartPolicy: 'OnFailure', containers: [] } }
  const restarting = (backoffLimit: number, restarts: number) =>
    conditionsIn(planned(job({ template, backoffLimit }), [pod('a', { restarts })]))?.[0]
  assert.equal(restarting(2, 1), undefined)
  assert.equal(restarting(2, 2), 'FailureTarget=True BackoffLimitExceeded')
  assert.equal(restarting(0, 0), undefined)
  assert.equal(restarting(0, 1), 'FailureTarget=True BackoffLimitExceeded')
  const beginning = pod('a', { restarts: 1 })
  const initContainerStatuses = beginning.status?.containerStatuses ?? []
  const twice = { ...beginning, status: { ...beginning.status, initContainerStatuses } }
  const both = conditionsIn(planned(job({ template, backoffLimit: 2 }), [twice]))
  assert.deepEqual(both, ['FailureTarget=True BackoffLimitExceeded'])
})

test('a Job that is active for too long fails, and is looked at again when that is', () => {
  const limited = (startTime: string) => job({ activeDeadlineSeconds: 60 }, { startTime })
  assert.equal(planned(limited(at(-50)), [pod('a')]).againAtMs, nowMs + 10_000)
  assert.deepEqual(conditionsIn(planned(limited(at(-60)), [pod('a')])), [
    'FailureTarget=True DeadlineExceeded',
  ])
})

test('a suspended Job has no pods and no time; resumed, it begins anew', () => {
  const suspended = planned(job({ suspend: true }, { startTime: at(-10) }), [pod('a')])
  assert.deepEqual(
    [deleted(suspended), conditionsIn(suspended)],
    [['a'], ['Suspended=True JobSuspended']],
  )
  assert.equal(statusIn(suspended)?.startTime, undefined)
  const resumed = planned(job({}, statusIn(suspended)), [])
  assert.deepEqual(
    [created(resumed).length, conditionsIn(resumed)],
    [1, ['Suspended=False JobResumed']],
  )
  assert.equal(statusIn(resumed)?.startTime, now)
})

test('a Job that is suspended has all the time in the world, and its failures still count', () => {
  const overdue = { activeDeadlineSeconds: 60, suspend: true }
  const waiting = planned(job(overdue, { startTime: at(-90) }), [])
  assert.deepEqual(
    [conditionsIn(waiting), waiting.againAtMs],
    [['Suspended=True JobSuspended'], undefined],
  )
  const failed = planned(job({ suspend: true, backoffLimit: 1 }), [], { failed: 2 })
  assert.equal(conditionsIn(failed)?.[0], 'FailureTarget=True BackoffLimitExceeded')
})

test('an Indexed Job has one pod for each index that is not done, the lowest first', () => {
  const indexed = job({ completionMode: 'Indexed', completions: 5, parallelism: 2 })
  const [first] = created(planned(indexed, [pod('a', { index: 0 })], { indexes: [1, 2] }))
  assert.equal(first?.metadata.annotations?.[indexAnnotation], '3')
  assert.equal(first?.spec.hostname, 'sum-3')
  assert.match(first?.metadata.name ?? '', /^sum-3-[a-z0-9]{5}$/)
  assert.equal(first?.spec.containers[0]?.env?.[0]?.name, 'JOB_COMPLETION_INDEX')
  const status = statusIn(planned(indexed, [], { indexes: [0, 1, 3], succeeded: 4 }))
  assert.deepEqual([status?.completedIndexes, status?.succeeded], ['0-1,3', 3])
  assert.deepEqual(
    deleted(planned(indexed, [pod('a', { index: 1 }), pod('b', { index: 4 })], { indexes: [1] })),
    ['a'],
  )
})

test('an Indexed Job that wants fewer indexes counts those below, and ends what runs beyond', () => {
  const fewer = job({ completionMode: 'Indexed', completions: 2, parallelism: 2 })
  const running = [pod('a', { index: 1 }), pod('b', { index: 3 })]
  const first = planned(fewer, running, { indexes: [0, 2], succeeded: 2 })
  assert.deepEqual(deleted(first), ['b'])
  assert.deepEqual([statusIn(first)?.succeeded, statusIn(first)?.completedIndexes], [1, '0'])
  const only = [pod('a', { index: 1 })]
  assert.equal(conditionsIn(planned(fewer, only, { indexes: [0, 2], succeeded: 2 })), undefined)
  const over = planned(fewer, [], { indexes: [0, 1, 2], succeeded: 3 })
  assert.equal(conditionsIn(over)?.[1], 'Complete=True CompletionsReached')
})

test('less parallelism ends pods', () => {
  assert.equal(
    deleted(planned(job({ completions: 4, parallelism: 1 }), [pod('a'), pod('b')])).length,
    1,
  )
})

test('a Job that is over does nothing more, and is deleted after its time', () => {
  const over = (seconds: number) =>
    job(
      { ttlSecondsAfterFinished: 100 },
      {
        conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: at(seconds) }],
      },
    )
  assert.deepEqual(planned(over(-40), []), { steps: [], againAtMs: nowMs + 60_000 })
  assert.deepEqual(planned(over(-100), []), { steps: [{ type: 'DeleteOwner' }] })
  assert.deepEqual(planned(job({}, over(-500).status), [pod('a')]), { steps: [] })
  const atOnce = job({ ttlSecondsAfterFinished: 0 }, over(0).status)
  assert.deepEqual(planned(atOnce, []), { steps: [{ type: 'DeleteOwner' }] })
})

test('a settled Job is left alone', () => {
  const running = [pod('a')]
  const status = statusIn(planned(job(), running))
  assert.deepEqual(planned(job({}, status), running).steps, [])
})

test('what the policy for failures says ends the Job at once', () => {
  const first = planned(job(), [pod('a')], { failed: 1, verdict: 'Container c failed' })
  assert.deepEqual(
    [deleted(first), conditionsIn(first)],
    [['a'], ['FailureTarget=True PodFailurePolicy']],
  )
  assert.equal(statusIn(first)?.conditions?.[0]?.message, 'Container c failed')
})

const perIndex = (spec: object = {}) =>
  job({
    ...{ completionMode: 'Indexed', completions: 3, parallelism: 3 },
    ...{ backoffLimitPerIndex: 1, backoffLimit: 2 ** 31 - 1 },
    ...spec,
  })

test('each index has a limit of its own, and its own rests', () => {
  const failed = pod('a', { phase: 'Failed', index: 0, endedAt: at(-4) })
  const first = planned(perIndex(), [failed], { failed: 1, failures: { 0: 1 } })
  assert.deepEqual(
    created(first).map(({ metadata: { annotations } }) => annotations?.[indexAnnotation]),
    ['1', '2'],
  )
  assert.equal(first.againAtMs, nowMs + 6_000)
  const again = planned(perIndex(), [failed], { failed: 2, failures: { 0: 2 } })
  assert.equal(created(again).length, 2)
  assert.equal(again.againAtMs, undefined)
  assert.equal(statusIn(again)?.failedIndexes, '0')
})

test('the pod of an index tells how often one failed there', () => {
  const [first] = created(planned(perIndex(), [], { failed: 1, failures: { 0: 1 } }))
  const name = 'batch.kubernetes.io/job-index-failure-count'
  assert.equal(first?.metadata.annotations?.[name], '1')
})

test('a Job with failed indexes fails once the others are done, or too many have failed', () => {
  const failures = { 0: 2, 1: 2 }
  const running = planned(perIndex(), [pod('c', { index: 2 })], { failed: 4, failures })
  assert.equal(conditionsIn(running), undefined)
  const over = planned(perIndex(), [], { failed: 4, failures, indexes: [2], succeeded: 1 })
  assert.equal(conditionsIn(over)?.[0], 'FailureTarget=True FailedIndexes')
  const limited = perIndex({ maxFailedIndexes: 1 })
  const tooMany = planned(limited, [pod('c', { index: 2 })], { failed: 4, failures })
  assert.deepEqual(conditionsIn(tooMany), ['FailureTarget=True MaxFailedIndexesExceeded'])
  assert.deepEqual(deleted(tooMany), ['c'])
})

test('enough has succeeded when a rule of the success policy says so; what still runs is ended', () => {
  const leading = (rules: object[]) =>
    job({
      ...{ completionMode: 'Indexed', completions: 4, parallelism: 4 },
      successPolicy: { rules },
    })
  const done = { succeeded: 2, indexes: [0, 3] }
  const verdict = (...rules: object[]) => planned(leading(rules), [pod('b', { index: 1 })], done)
  assert.equal(conditionsIn(verdict({ succeededIndexes: '0-2' })), undefined)
  assert.equal(conditionsIn(verdict({ succeededCount: 3 })), undefined)
  const met = verdict({ succeededIndexes: '1' }, { succeededIndexes: '0,2-3', succeededCount: 2 })
  assert.deepEqual(
    [deleted(met), conditionsIn(met)],
    [['b'], ['SuccessCriteriaMet=True SuccessPolicy']],
  )
  assert.equal(statusIn(met)?.conditions?.[0]?.message, 'Matched rules at index 1')
})

test('where only failed pods are replaced, one that is ending is awaited', () => {
  const ending = [pod('a', { ending: true })]
  assert.equal(created(planned(job(), ending)).length, 1)
  assert.equal(created(planned(job({ podReplacementPolicy: 'Failed' }), ending)).length, 0)
  const wide = job({ podReplacementPolicy: 'Failed', parallelism: 3, completions: 5 })
  const some = planned(wide, [...ending, pod('b')])
  assert.deepEqual([created(some).length, statusIn(some)?.terminating], [1, 1])
  assert.equal(created(planned(wide, [pod('b')], { failed: 1 })).length, 2)
  const policy = { podFailurePolicy: { rules: [] } }
  assert.equal(created(planned(job(policy), ending)).length, 0)
})
