import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { judge } from './failure-policy.ts'

const pod: Pod = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' } },
  spec: { containers: [] },
  status: {
    containerStatuses: ['main', 'helper'].map((name, index) => ({
      ...{ name, image: 'i', imageID: '', ready: false, restartCount: 0 },
      state: { terminated: { exitCode: 40 + index } },
    })),
  },
}
const actionFor = (onExitCodes: { containerName?: string; operator: string; values: number[] }) =>
  judge({ rules: [{ action: 'Ignore', onExitCodes }] }, pod).action

test('a rule about exit codes is about every container, or the one of its containerName', () => {
  const values = [41]
  assert.equal(actionFor({ operator: 'In', values }), 'Ignore')
  assert.equal(actionFor({ operator: 'In', values, containerName: 'helper' }), 'Ignore')
  assert.equal(actionFor({ operator: 'In', values, containerName: 'main' }), 'Count')
  assert.equal(actionFor({ operator: 'NotIn', values, containerName: 'main' }), 'Ignore')
})
