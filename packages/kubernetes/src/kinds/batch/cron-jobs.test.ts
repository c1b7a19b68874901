import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withDefaults } from '../../defaults.ts'
import { cronFields } from './cron-fields.ts'
import { cronJobs } from './cron-jobs.ts'

const fieldsOf = (schedule: string) => {
  const parsed = cronFields(schedule)
  return 'fields' in parsed ? parsed.fields : undefined
}

test('schedules are upstream’s: five fields, lists, ranges, steps, names, abbreviations', () => {
  assert.equal(fieldsOf('*/5 0-6/2,12 ? Jan,mar-DEC MON-fri'), '*/5 0-6/2,12 * 1,3-12 1-5')
  assert.equal(fieldsOf('5/10 * * * *'), '5-59/10 * * * *')
  assert.equal(fieldsOf('@daily'), '0 0 * * *')
  // A step beyond the range leaves its first value.
  assert.equal(fieldsOf('*/100 0-5/70 */40 */13 */8'), '0 0 1 1 0')
  assert.equal(fieldsOf('50/10 * * * *'), '50 * * * *')
  for (const wrong of [
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * L * *',
    '* * * * 7',
    '* * * * 5#2',
    '5-1 * * * *',
    '*/0 * * * *',
    '@every 1h',
    'a * * * *',
    '1- * * * *',
  ]) {
    assert.equal(fieldsOf(wrong), undefined, wrong)
  }
})

const cronJob = (spec: object = {}, restartPolicy = 'Never') =>
  withDefaults(cronJobs, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'sum' },
    spec: {
      schedule: '@hourly',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy, containers: [{ name: 'c', image: 'i' }] } } },
      },
      ...spec,
    },
  })
const problems = (...given: Parameters<typeof cronJob>) =>
  cronJobs.validate(cronJob(...given)).map(({ field }) => field)

test('what is wrong is named', () => {
  assert.deepEqual(problems(), [])
  assert.deepEqual(problems({ timeZone: 'Europe/Berlin' }), [])
  assert.deepEqual(problems({ timeZone: 'Mars/Base' }), ['spec.timeZone'])
  assert.deepEqual(problems({ schedule: 'TZ=UTC * * * * *' }), ['spec.schedule'])
  assert.deepEqual(problems({ concurrencyPolicy: 'Maybe' }), ['spec.concurrencyPolicy'])
  assert.deepEqual(problems({}, 'Always'), ['spec.jobTemplate.spec.template.spec.restartPolicy'])
  assert.deepEqual(problems({ jobTemplate: {} }), ['spec.jobTemplate.spec'])
})

test('its row tells when it last ran', () => {
  const now = new Date('2026-01-01T00:10:00Z')
  const status = { lastScheduleTime: '2026-01-01T00:09:00Z' }
  assert.deepEqual(cronJobs.row({ ...cronJob(), status }, now).slice(0, 6), [
    'sum',
    '@hourly',
    '<none>',
    'False',
    0,
    '60s',
  ])
})
