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
    completedIndexes?: string
    failedIndexes?: string
    failed?: number
    conditions: { type: string; reason: string; message: string }[]
  }
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

const jobOf = (name: string, script: string, spec: string) => `
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
      terminationGracePeriodSeconds: 0
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
  const ended = async (name: string, type: 'Complete' | 'Failed') => {
    await cluster.kubectl('wait', `job/${name}`, `--for=condition=${type}`, soon)
    const { status } = await cluster.json<JobStatus>('get', 'job', name)
    return { ...status, said: status.conditions.find((each) => each.type === type) }
  }
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
