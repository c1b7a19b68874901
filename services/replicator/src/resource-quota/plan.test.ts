import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pods, type ResourceQuota } from '@reckon/kubernetes'
import { quotaStatus } from './plan.ts'

test('a quota tells of all that is counted how much is used, and of nothing else', () => {
  const hard = { pods: '5', 'limits.cpu': '2', 'requests.storage': '1Gi' }
  const quota: ResourceQuota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few', namespace: 'default' },
    spec: { hard },
  }
  assert.deepEqual(quotaStatus({ quota, used: { pods: '3' } }, [pods]), {
    hard,
    used: { pods: '3', 'limits.cpu': '0' },
  })
})
