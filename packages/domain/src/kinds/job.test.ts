import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Job } from '@reckon/kubernetes'
import { jobRules } from './job.ts'
import { contextWith } from './prepare-context.fixture.ts'

const job = (spec: object = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'sum', uid: 'u' },
  spec: { template: { metadata: { labels: { app: 'sum' } }, spec: { containers: [] } }, ...spec },
})
const context = contextWith()

test('a Job selects the pods that bear its uid', () => {
  const made = jobRules.prepareCreate?.(job(), context)
  const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } }
  assert.deepEqual(made?.spec.selector, selector)
  assert.deepEqual(made?.spec.template.metadata?.labels, {
    app: 'sum',
    'batch.kubernetes.io/controller-uid': 'u',
    'batch.kubernetes.io/job-name': 'sum',
    'controller-uid': 'u',
    'job-name': 'sum',
  })
})

test('who says so selects by labels of his own', () => {
  const own = job({ manualSelector: true, selector: { matchLabels: { app: 'sum' } } })
  assert.equal(jobRules.prepareCreate?.(own, context), own)
})

test('a Job without labels bears those of its pods; one that has some keeps them', () => {
  const plain = jobRules.prepareCreate?.(job(), context)
  assert.deepEqual(plain?.metadata.labels, plain?.spec.template.metadata?.labels)
  const labelled = { ...job(), metadata: { ...job().metadata, labels: { own: 'x' } } }
  assert.deepEqual(jobRules.prepareCreate?.(labelled, context)?.metadata.labels, { own: 'x' })
})

test('a Job without a template is left for validation to name', () => {
  const { spec, ...bare } = { ...job(), spec: { template: undefined } }
  const given = { ...bare, spec } as unknown as Job
  assert.equal(jobRules.prepareCreate?.(given, context), given)
})
