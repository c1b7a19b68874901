import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { type FailurePolicy, judge } from './failure-policy.ts'

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

test('whoever ended well is no reason, nor a sidecar; an init container is one, after all others', () => {
  const ended = (name: string, exitCode: number) => ({
    ...{ name, image: 'i', imageID: '', ready: false, restartCount: 0 },
    state: { terminated: { exitCode } },
  })
  const failed: Pod = {
    ...pod,
    spec: {
      containers: [{ name: 'main', image: 'i' }],
      initContainers: [
        { name: 'first', image: 'i' },
        { name: 'beside', image: 'i', restartPolicy: 'Always' },
      ],
    },
    status: {
      initContainerStatuses: [ended('first', 3), ended('beside', 5)],
      containerStatuses: [ended('main', 0)],
    },
  }
  const told = (operator: string, values: number[]) => {
    const judged = judge(
      { rules: [{ action: 'FailJob', onExitCodes: { operator, values } }] },
      failed,
    )
    return 'message' in judged ? judged.message : judged.action
  }
  assert.match(told('In', [3]), /^Container first for pod default\/p failed with exit code 3 /)
  assert.equal(told('In', [5]), 'Count')
  assert.match(told('NotIn', [9]), /^Container first /)
  const both = { ...failed, status: { ...failed.status, containerStatuses: [ended('main', 3)] } }
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }]
  const judged = judge({ rules }, both)
  assert.ok(judged.action === 'FailJob' && judged.message.startsWith('Container main '))
})

const disrupted: Pod = {
  ...pod,
  status: {
    ...pod.status,
    conditions: [
      { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' },
      { type: 'ConfigIssue', status: 'False' },
    ],
  },
}
const onCondition = (action: string, type: string, status = 'True') => ({
  ...{ action, onPodConditions: [{ type, status }] },
})
const judgedBy = (...rules: FailurePolicy['rules']) => judge({ rules }, disrupted)

test('each action is taken by a condition of the pod, as by an exit code, if the status is the one that is named', () => {
  for (const action of ['Ignore', 'Count', 'FailIndex']) {
    assert.deepEqual(judgedBy(onCondition(action, 'DisruptionTarget')), { action })
  }
  assert.deepEqual(judgedBy(onCondition('FailJob', 'DisruptionTarget')), {
    action: 'FailJob',
    message: 'Pod default/p has condition DisruptionTarget matching FailJob rule at index 0',
  })
  assert.deepEqual(judgedBy(onCondition('Ignore', 'ConfigIssue')), { action: 'Count' })
  assert.deepEqual(judgedBy(onCondition('Ignore', 'ConfigIssue', 'False')), { action: 'Ignore' })
})

test('the first rule that speaks of the failure counts, whatever the later ones say', () => {
  const onCode = { action: 'FailIndex', onExitCodes: { operator: 'In', values: [40] } }
  const onDisruption = onCondition('Ignore', 'DisruptionTarget')
  assert.equal(judgedBy(onCode, onDisruption).action, 'FailIndex')
  assert.equal(judgedBy(onDisruption, onCode).action, 'Ignore')
  assert.equal(judgedBy(onCondition('Ignore', 'Other'), onCode).action, 'FailIndex')
  const counted = { action: 'Count', onExitCodes: { operator: 'In', values: [40] } }
  assert.equal(judgedBy(counted, onCondition('FailJob', 'DisruptionTarget')).action, 'Count')
})
