import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Taint, Toleration } from '../object.ts'
import { isEvicting, tolerates } from './taints.ts'

const taint = (effect = 'NoSchedule', value?: string): Taint => ({
  key: 'team',
  effect,
  ...(value !== undefined && { value }),
})
const team = (more: Toleration): Toleration => ({ key: 'team', ...more })

test('a toleration means the taints of its key, effect and value; what it leaves open means any', () => {
  const isTolerated = (toleration: Toleration, of = taint('NoSchedule', 'x')) =>
    tolerates([toleration], of)
  assert.ok(isTolerated(team({ value: 'x' })))
  assert.ok(isTolerated(team({ value: 'x', effect: 'NoSchedule' })))
  assert.ok(isTolerated(team({ operator: 'Exists' })))
  assert.ok(isTolerated({ operator: 'Exists' }))
  assert.ok(!isTolerated(team({ value: 'y' })))
  assert.ok(!isTolerated(team({})))
  assert.ok(isTolerated(team({}), taint()))
  assert.ok(!isTolerated(team({ operator: 'Exists', effect: 'NoExecute' })))
  assert.ok(!isTolerated({ key: 'other', operator: 'Exists' }))
  assert.ok(!isTolerated({ value: 'x' }))
  assert.ok(!tolerates(undefined, taint()))
})

test('only taints of one effect drive away', () => {
  assert.ok(isEvicting(taint('NoExecute')))
  assert.ok(!isEvicting(taint('NoSchedule')))
})
