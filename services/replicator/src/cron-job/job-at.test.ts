import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CronJob } from '@reckon/kubernetes'
import { jobAt } from './job-at.ts'

test('a Job has the labels, annotations and spec of its template, and says for which time it is', () => {
  const metadata = { labels: { app: 'report' }, annotations: { by: 'ada' } }
  const spec = { suspend: true, template: {} }
  const cronJob: CronJob = {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob' },
    metadata: { name: 'report', namespace: 'default', uid: 'c' },
    spec: { schedule: '* * * * *', jobTemplate: { metadata, spec } },
  }
  const job = jobAt(cronJob, Date.UTC(2026, 0, 1))
  assert.deepEqual(job.metadata.labels, { app: 'report' })
  assert.deepEqual(job.metadata.annotations, {
    by: 'ada',
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:00:00Z',
  })
  assert.deepEqual(job.spec, spec)
})
