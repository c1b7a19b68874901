import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CronJob, Job } from '@reckon/kubernetes'
import { jobAt } from './job-at.ts'
import { plan } from './plan.ts'

const at = (time: string) => Date.parse(`2026-01-01T${time}Z`)

const cronJob = (spec: object = {}, status: CronJob['status'] = {}): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: {
    name: 'sum',
    namespace: 'default',
    uid: 'c',
    creationTimestamp: '2026-01-01T00:00:30Z',
  },
  spec: {
    schedule: '*/10 * * * *',
    concurrencyPolicy: 'Allow',
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    jobTemplate: { spec: { template: { spec: { containers: [] } } } },
    ...spec,
  },
  status,
})
const job = (time: string, ended?: 'Complete' | 'Failed'): Job => {
  const made = jobAt(cronJob(), at(time))
  return {
    ...made,
    metadata: { ...made.metadata, uid: time, creationTimestamp: `2026-01-01T${time}Z` },
    status: ended
      ? {
          conditions: [{ type: ended, status: 'True' }],
          ...(ended === 'Complete' && { completionTime: `2026-01-01T${time}Z` }),
        }
      : {},
  }
}
/** The minutes of the day for which Jobs are made and deleted, and when it is looked at again. */
const planned = (of: CronJob, jobs: readonly Job[], time: string) => {
  const { steps, againAtMs } = plan(of, jobs, at(time))
  const minute = ({ metadata }: Job) => Number(metadata.name.slice(4)) - at('00:00:00') / 60_000
  const changes = steps.flatMap((step) => {
    if (step.type === 'SetStatus') return []
    if (step.type === 'Tell') return step.note.reason
    return `${step.type === 'CreateJob' ? '+' : '-'}${minute(step.job)}`
  })
  const next = againAtMs === undefined ? undefined : new Date(againAtMs).toISOString().slice(11, 16)
  return [...changes, next]
}
const since = (time: string) => ({ lastScheduleTime: `2026-01-01T${time}Z` })

test('a Job is made for the last time that was due, and awaited is the next one', () => {
  assert.deepEqual(planned(cronJob(), [], '00:05:00'), ['00:10'])
  assert.deepEqual(planned(cronJob(), [], '00:10:00'), ['+10', '00:20'])
  assert.deepEqual(planned(cronJob(), [], '00:35:00'), ['+30', '00:40'])
  assert.deepEqual(planned(cronJob({}, since('00:30:00')), [], '00:35:00'), ['00:40'])
})

test('what is there already is not made again, though the status does not say so', () => {
  assert.deepEqual(planned(cronJob(), [job('00:10:00')], '00:10:05'), ['00:20'])
  const [, status] = [0, plan(cronJob(), [job('00:10:00')], at('00:10:05')).steps[0]]
  assert.ok(status?.type === 'SetStatus')
  assert.equal(status.status.lastScheduleTime, '2026-01-01T00:10:00Z')
  assert.equal(status.status.active?.[0]?.uid, '00:10:00')
})

test('a time that is too long ago is let go', () => {
  const strict = cronJob({ startingDeadlineSeconds: 60 })
  assert.deepEqual(planned(strict, [], '00:11:00'), ['+10', '00:20'])
  assert.deepEqual(planned(strict, [], '00:11:01'), ['MissSchedule', '00:20'])
  const [told] = plan(strict, [], at('00:11:01')).steps
  assert.ok(told?.type === 'Tell')
  const missed = 'Missed scheduled time to start a job: Thu, 01 Jan 2026 00:10:00 +0000'
  assert.deepEqual([told.note.type, told.note.message], ['Warning', missed])
})

test('when more than a hundred times went by, the last one has its Job, and it is told; before the deadline none counts', () => {
  const minutely = (spec: object = {}) => cronJob({ schedule: '* * * * *', ...spec })
  assert.deepEqual(planned(minutely(), [], '01:40:30'), ['+100', '01:41'])
  assert.deepEqual(planned(minutely(), [], '01:41:30'), ['TooManyMissedTimes', '+101', '01:42'])
  const [told] = plan(minutely(), [], at('01:41:30')).steps
  assert.ok(told?.type === 'Tell')
  const message =
    'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
  assert.deepEqual([told.note.type, told.note.message], ['Warning', message])
  const made = [job('01:41:00')]
  assert.deepEqual(planned(minutely(), made, '01:41:30'), ['01:42'])
  const forbidden = minutely({ concurrencyPolicy: 'Forbid' })
  const still = ['TooManyMissedTimes', 'JobAlreadyActive', '01:42']
  assert.deepEqual(planned(forbidden, [job('00:02:00')], '01:41:30'), still)
  const strict = minutely({ startingDeadlineSeconds: 200 })
  assert.deepEqual(planned(strict, [], '03:00:30'), ['+180', '03:01'])
})

test('who is suspended makes nothing, and waits for nothing', () => {
  assert.deepEqual(planned(cronJob({ suspend: true }), [], '00:10:00'), [undefined])
})

test('whether Jobs may run beside each other is for the policy to say', () => {
  const running = [job('00:10:00')]
  const of = (concurrencyPolicy: string) => cronJob({ concurrencyPolicy }, since('00:10:00'))
  assert.deepEqual(planned(of('Allow'), running, '00:20:00'), ['+20', '00:30'])
  assert.deepEqual(planned(of('Forbid'), running, '00:20:00'), ['JobAlreadyActive', '00:30'])
  assert.deepEqual(planned(of('Forbid'), [job('00:10:00', 'Complete')], '00:25:00'), [
    '+20',
    '00:30',
  ])
  assert.deepEqual(planned(of('Replace'), running, '00:20:00'), ['-10', '+20', '00:30'])
})

test('of those that are over as many are kept as the limits say', () => {
  const over = [
    job('00:10:00', 'Complete'),
    job('00:20:00', 'Complete'),
    job('00:30:00', 'Failed'),
    job('00:40:00', 'Failed'),
  ]
  const of = cronJob({ successfulJobsHistoryLimit: 1 }, since('00:40:00'))
  assert.deepEqual(planned(of, over, '00:45:00'), ['-10', '-30', '00:50'])
  const [, , last] = plan(of, over, at('00:45:00')).steps
  assert.ok(last?.type === 'SetStatus')
  assert.equal(last.status.lastSuccessfulTime, '2026-01-01T00:20:00Z')
})

test('a Job that a user made by hand neither holds up a scheduled one nor is replaced by it', () => {
  const made = job('00:05:00')
  const { annotations: _, ...metadata } = made.metadata
  const byHand = { ...made, metadata }
  for (const concurrencyPolicy of ['Forbid', 'Replace']) {
    assert.deepEqual(planned(cronJob({ concurrencyPolicy }), [byHand], '00:10:00'), [
      '+10',
      '00:20',
    ])
  }
})
