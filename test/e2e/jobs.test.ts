import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { openCluster, type TestCluster } from './cluster.ts'

const soon = '--timeout=60s'

let cluster: TestCluster
before(async () => {
  cluster = await openCluster('jobs')
  await cluster.up()
})
after(() => cluster?.reset())

type JobStatus = {
  status: {
    startTime?: string
    active?: number
    completedIndexes?: string
    failedIndexes?: string
    failed?: number
    conditions: { type: string; reason: string; message: string }[]
  }
}

/** How the Job ended, once it says so, and what it says of it. */
async function ended(name: string, type: 'Complete' | 'Failed') {
  await cluster.kubectl('wait', `job/${name}`, `--for=condition=${type}`, soon)
  const { status } = await cluster.json<JobStatus>('get', 'job', name)
  return { ...status, said: status.conditions.find((each) => each.type === type) }
}

test('the Job of the examples completes, each of its indexes once', async () => {
  const text = await readFile(new URL('../../examples/workloads/job.yaml', import.meta.url), 'utf8')
  await cluster.apply(text.replaceAll(/busybox:\S+/g, 'busybox'))
  await cluster.kubectl('wait', 'job/sum', '--for=condition=complete', soon)
  assert.match(await cluster.kubectl('get', 'job'), /^sum +Complete +3\/3 +\d+s +\d+s$/m)
  const { status } = await cluster.json<JobStatus>('get', 'job', 'sum')
  assert.equal(status.completedIndexes, '0-2')
  const logs = await cluster.kubectl('logs', '-l', 'batch.kubernetes.io/job-name=sum')
  assert.deepEqual(logs.trim().split('\n').sort(), ['index 0', 'index 1', 'index 2'])
})

const jobOf = (name: string, script: string, spec: string, graceSeconds = 0) => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  completions: 3
  parallelism: 3
  completionMode: Indexed
  ${spec}
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: ${graceSeconds}
      containers: [{ name: c, image: busybox, command: [sh, -c, '${script}'] }]
---`

test('what a Job makes of exit codes, of failures of an index and of the first success, it says', async () => {
  await cluster.apply(
    [
      jobOf(
        'fatal',
        'exit 42',
        'podFailurePolicy: { rules: [{ action: FailJob, onExitCodes: { operator: In, values: [42] } }] }',
      ),
      jobOf('partly', 'exit $((JOB_COMPLETION_INDEX == 1))', 'backoffLimitPerIndex: 0'),
      jobOf(
        'leader',
        '[ $JOB_COMPLETION_INDEX = 0 ] || sleep 1000',
        "successPolicy: { rules: [{ succeededIndexes: '0' }] }",
      ),
    ].join('\n'),
  )
  const fatal = await ended('fatal', 'Failed')
  assert.equal(fatal.said?.reason, 'PodFailurePolicy')
  assert.match(
    fatal.said?.message ?? '',
    /^Container c for pod default\/fatal-\S+ failed with exit code 42 matching FailJob rule at index 0$/,
  )
  const partly = await ended('partly', 'Failed')
  assert.deepEqual(
    [partly.said?.reason, partly.completedIndexes, partly.failedIndexes],
    ['FailedIndexes', '0,2', '1'],
  )
  const leader = await ended('leader', 'Complete')
  assert.deepEqual(
    [leader.said?.reason, leader.said?.message],
    ['SuccessPolicy', 'Matched rules at index 0'],
  )
})

const ofJob = (name: string) => ['-l', `batch.kubernetes.io/job-name=${name}`]
const waitFor = (name: string, path: string, value: string | number) =>
  cluster.kubectl('wait', `job/${name}`, `--for=jsonpath={${path}}=${value}`, soon)
const perIndex = (limit: number) => `backoffLimitPerIndex: ${limit}`

test('a Job forgives whom the cluster moved, gives up an index or all of them, awaits who is leaving, and goes after its time', async () => {
  const onDisruption =
    'podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }] }'
  const finalIndex =
    'podFailurePolicy: { rules: [{ action: FailIndex, onExitCodes: { operator: In, values: [7] } }] }'
  const leaves = 'trap "sleep 2; exit 1" TERM; sleep 1000 & wait'
  await cluster.apply(
    [
      jobOf('moved', 'sleep 1000', `${onDisruption}\n  backoffLimit: 0`),
      jobOf('awaiting', leaves, 'podReplacementPolicy: Failed', 30),
      jobOf(
        'final',
        'exit $((7 * (JOB_COMPLETION_INDEX == 1)))',
        `${finalIndex}\n  ${perIndex(5)}`,
      ),
      jobOf(
        'strict',
        '[ $JOB_COMPLETION_INDEX = 2 ] || sleep 1000; exit 1',
        `${perIndex(0)}\n  maxFailedIndexes: 0`,
      ),
      jobOf('brief', 'exit 0', 'ttlSecondsAfterFinished: 1'),
    ].join('\n'),
  )
  await waitFor('moved', '.status.ready', 3)
  await waitFor('awaiting', '.status.ready', 3)
  await cluster.kubectl('delete', 'pod', ...ofJob('awaiting'), '--wait=false')
  await waitFor('awaiting', '.status.terminating', 3)
  const meanwhile = await cluster.json<{ items: object[] }>('get', 'pods', ...ofJob('awaiting'))
  assert.equal(meanwhile.items.length, 3)
  const moved = `--pod-selector=${ofJob('moved')[1]}`
  await cluster.kubectl('drain', 'node-1', moved, soon)
  await cluster.kubectl('uncordon', 'node-1')

  await cluster.kubectl('wait', 'job/brief', '--for=delete', soon)
  const final = await ended('final', 'Failed')
  assert.deepEqual([final.said?.reason, final.failedIndexes], ['FailedIndexes', '1'])
  assert.deepEqual([final.completedIndexes, final.failed], ['0,2', 1])
  const strict = await ended('strict', 'Failed')
  assert.deepEqual([strict.said?.reason, strict.failedIndexes], ['MaxFailedIndexesExceeded', '2'])

  // As upstream each waits ten seconds after a failure, and one that was ignored is one.
  await waitFor('moved', '.status.ready', 3)
  await waitFor('awaiting', '.status.ready', 3)
  const { status } = await cluster.json<JobStatus>('get', 'job', 'moved')
  assert.deepEqual([status.failed, status.conditions], [undefined, undefined])
  const awaited = await cluster.json<JobStatus>('get', 'job', 'awaiting')
  assert.equal(awaited.status.failed, 3)
})

test('a Job that is suspended has no pods and no time, and begins anew when it is resumed', async () => {
  const before = await cluster.json<JobStatus>('get', 'job', 'moved')
  const suspend = (is: boolean) =>
    cluster.kubectl('patch', 'job', 'moved', '-p', `{"spec":{"suspend":${is}}}`)
  await suspend(true)
  await cluster.kubectl('wait', 'job/moved', '--for=condition=Suspended', soon)
  await cluster.kubectl('wait', 'pod', ...ofJob('moved'), '--for=delete', soon)
  const { status } = await cluster.json<JobStatus>('get', 'job', 'moved')
  assert.deepEqual([status.startTime, status.active, status.failed], Array(3).fill(undefined))
  assert.match(await cluster.kubectl('get', 'job', 'moved'), /^moved +Suspended +0\/3 /m)
  await suspend(false)
  await waitFor('moved', '.status.ready', 3)
  const resumed = await cluster.json<JobStatus>('get', 'job', 'moved')
  assert.ok((resumed.status.startTime ?? '') > (before.status.startTime ?? ''))
  const told = await cluster.kubectl('describe', 'job', 'moved')
  assert.match(told, / Suspended .*job-controller +Job suspended$/m)
  assert.match(told, / Resumed .*job-controller +Job resumed$/m)
  await cluster.kubectl('delete', 'job', 'moved', 'awaiting', soon)
})
