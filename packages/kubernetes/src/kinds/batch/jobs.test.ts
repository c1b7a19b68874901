import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeValue } from '../../decoding/decode.ts'
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
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  })
  assert.deepEqual(metadata.labels, { app: 'sum' })
  assert.equal(sent({ parallelism: 3 }).spec.completions, undefined)
})

test('its pods may not be started again for ever', () => {
  assert.deepEqual(problems(job()), [])
  const template = { metadata: { labels: { app: 'sum' } }, spec: { ...podSpec, restartPolicy: '' } }
  assert.deepEqual(problems(job({ template })), [
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ])
})

test('an Indexed Job says how many indexes it has', () => {
  assert.deepEqual(problems(job({ completionMode: 'Indexed', parallelism: 2 })), [
    'spec.completions: Required value: when completion mode is Indexed',
  ])
})

test('who looks at how pods fail gets a limit for each index, and waits until they have', () => {
  const { backoffLimit, podReplacementPolicy } = job({
    ...{ completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 1 },
    podFailurePolicy: { rules: [] },
  }).spec
  assert.deepEqual([backoffLimit, podReplacementPolicy], [2 ** 31 - 1, 'Failed'])
})

test('what a policy for failures may say', () => {
  const at = 'spec.podFailurePolicy.rules'
  const broken = (...rules: object[]) => problems(job({ podFailurePolicy: { rules } }))
  const exits = { operator: 'In', values: [1, 42] }
  const disrupted = [{ type: 'DisruptionTarget' }]
  assert.deepEqual(
    broken(
      { action: 'FailJob', onExitCodes: exits },
      { action: 'Ignore', onPodConditions: disrupted },
    ),
    [],
  )
  assert.deepEqual(broken({ action: 'FailIndex', onExitCodes: exits }), [
    `${at}[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`,
  ])
  assert.deepEqual(broken({ action: 'Count', onExitCodes: { ...exits, containerName: 'd' } }), [
    `${at}[0].onExitCodes.containerName: Invalid value: "d": must be one of the container or initContainer names in the pod template`,
  ])
  assert.deepEqual(broken({ action: 'Count', onExitCodes: { operator: 'In', values: [0, 0] } }), [
    `${at}[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator`,
    `${at}[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator`,
    `${at}[0].onExitCodes.values[1]: Duplicate value: 0`,
  ])
  const both = { action: 'Count', onExitCodes: exits, onPodConditions: disrupted }
  assert.match(broken(both)[0] ?? '', /specifying both OnExitCodes and OnPodConditions/)
  assert.match(broken({ action: 'Count' })[0] ?? '', /specifying one of OnExitCodes/)
  const template = {
    metadata: { labels: { app: 'sum' } },
    spec: { ...podSpec, restartPolicy: 'OnFailure' },
  }
  assert.deepEqual(problems(job({ template, podFailurePolicy: { rules: [] } })), [
    'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
  ])
  assert.deepEqual(
    problems(job({ podFailurePolicy: { rules: [] }, podReplacementPolicy: 'TerminatingOrFailed' })),
    [
      'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
    ],
  )
})

test('only an Indexed Job has limits and a policy for its indexes', () => {
  assert.deepEqual(problems(job({ maxFailedIndexes: 1, successPolicy: { rules: [] } })), [
    'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
    'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
    'spec.successPolicy: Invalid value: {"rules":[]}: requires indexed completion mode',
  ])
  const indexed = (rules: object[]) =>
    problems(job({ completionMode: 'Indexed', completions: 5, successPolicy: { rules } }))
  const at = 'spec.successPolicy.rules'
  assert.deepEqual(indexed([{ succeededIndexes: '0,2-4', succeededCount: 2 }]), [])
  assert.deepEqual(
    indexed([{}, { succeededIndexes: '3-5' }, { succeededIndexes: '1', succeededCount: 2 }]),
    [
      `${at}[0]: Required value: at least one of succeededCount or succeededIndexes must be specified`,
      `${at}[1].succeededIndexes: Invalid value: "3-5": error parsing succeededIndexes: too large index: "5"`,
      `${at}[2].succeededCount: Invalid value: 2: must be less than or equal to 1 (the number of indexes in the specified succeededIndexes field)`,
    ],
  )
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
