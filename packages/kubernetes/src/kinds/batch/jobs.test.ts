import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeValue } from '../../decode.ts'
import { withDefaults } from '../../defaults.ts'
import type { Job } from '../../object.ts'
import { jobs } from './jobs.ts'

const podSpec = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] }
const sent = (spec: object, labels = { app: 'sum' }) => {
  const template = { metadata: { labels }, spec: podSpec }
  const value = { metadata: { name: 'sum' }, spec: { template, ...spec } }
  return withDefaults(jobs, decodeValue(jobs, jobs, { value }).object)
}
/** As the server makes it, with the selector that its rules give it. */
const job = (spec: object = {}): Job => sent({ selector: { matchLabels: { app: 'sum' } }, ...spec })
const problems = (of: Job) => jobs.validate(of).map(({ field, message }) => `${field}: ${message}`)

test('a Job gets what upstream gives it', () => {
  const { spec, metadata } = sent({})
  const { template: _, ...rest } = spec
  assert.deepEqual(rest, {
    completions: 1,
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  })
  assert.deepEqual(metadata.labels, { app: 'sum' })
  assert.equal(sent({ parallelism: 3 }).spec.completions, undefined)
})

test('its pods may not be started again for ever', () => {
  assert.deepEqual(problems(job()), [])
  const template = { metadata: { labels: { app: 'sum' } }, spec: { ...podSpec, restartPolicy: '' } }
  assert.deepEqual(problems(job({ template })), [
    'spec.template.spec.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never"',
  ])
})

test('an Indexed Job says how many indexes it has', () => {
  assert.deepEqual(problems(job({ completionMode: 'Indexed', parallelism: 2 })), [
    'spec.completions: Required value: when completion mode is Indexed',
  ])
})

test('what is not offered is refused by name', () => {
  assert.deepEqual(problems(job({ backoffLimitPerIndex: 1, podReplacementPolicy: 'Failed' })), [
    'spec.backoffLimitPerIndex: Forbidden: is not supported by this server yet',
    'spec.podReplacementPolicy: Unsupported value: "Failed": supported values: "TerminatingOrFailed"',
  ])
})

test('what a Job is to do stays, how many work on it may change', () => {
  const changed = (spec: object) => jobs.validateUpdate(job(spec), job()).map(({ field }) => field)
  assert.deepEqual(changed({ parallelism: 4, completions: 1, suspend: true }), [])
  assert.deepEqual(changed({ completions: 2 }), ['spec.completions'])
  assert.deepEqual(changed({ template: { spec: podSpec } }), ['spec.template'])
  const elastic = (many: number) =>
    job({ completionMode: 'Indexed', completions: many, parallelism: many })
  assert.deepEqual(jobs.validateUpdate(elastic(5), elastic(3)), [])
})

test('its row tells how far it is, and how long it took', () => {
  const now = new Date('2026-01-01T00:10:00Z')
  const row = (status: Job['status']) =>
    jobs.row({ ...job({ completions: 3 }), ...(status && { status }) }, now).slice(1, 4)
  const startTime = '2026-01-01T00:00:00Z'
  assert.deepEqual(row(undefined), ['Running', '0/3', ''])
  assert.deepEqual(row({ startTime, succeeded: 2 }), ['Running', '2/3', '10m'])
  const conditions = [{ type: 'Complete', status: 'True' }]
  const completionTime = '2026-01-01T00:00:45Z'
  const over = { startTime, completionTime, conditions, succeeded: 3 }
  assert.deepEqual(row(over), ['Complete', '3/3', '45s'])
})
