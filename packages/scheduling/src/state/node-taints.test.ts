import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Taint, Toleration } from '@reckon/kubernetes'
import { node } from '../plugins/scenario.fixture.ts'
import { isHard, taintsOf, untoleratedTaint } from './node-taints.ts'

const taint = (effect = 'NoSchedule', value?: string): Taint => ({
  key: 'team',
  effect,
  ...(value !== undefined && { value }),
})
const team = (more: Toleration): Toleration => ({ key: 'team', ...more })

test('the first taint of such an effect that is not tolerated is told', () => {
  const taints = [taint('PreferNoSchedule'), taint('NoExecute')]
  assert.equal(untoleratedTaint(taints, [], isHard), taints[1])
  assert.equal(untoleratedTaint(taints, [team({ operator: 'Exists' })], isHard), undefined)
})

test('a node that is not ready has the taint that says so, written or not', () => {
  const being = (status: string | undefined, spec = {}) => ({
    ...node('a', { spec }),
    status: { conditions: status ? [{ type: 'Ready', status }] : [] },
  })
  const keysOf = (...given: Parameters<typeof being>) =>
    taintsOf(being(...given)).map(({ key }) => key)
  const notReady = 'node.kubernetes.io/not-ready'
  assert.deepEqual(keysOf('True'), [])
  assert.deepEqual(keysOf('False'), [notReady])
  assert.deepEqual(keysOf(undefined), [notReady])
  assert.deepEqual(keysOf('Unknown'), ['node.kubernetes.io/unreachable'])
  const taints = [{ key: notReady, effect: 'NoExecute' }]
  assert.deepEqual(taintsOf(being('False', { taints })), taints)
  assert.deepEqual(keysOf('False', { taints: [taint()] }), ['team', notReady])
})
