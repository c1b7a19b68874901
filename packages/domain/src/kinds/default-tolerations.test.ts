import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Toleration } from '@reckon/kubernetes'
import { withTolerations } from './default-tolerations.ts'

const lasting = (key: string, tolerationSeconds: number): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
})
const of = (...tolerations: Toleration[]) =>
  withTolerations({ containers: [], tolerations }).tolerations

test('a pod stays for five minutes on a node that is lost', () => {
  const [notReady, unreachable] = [lasting('not-ready', 300), lasting('unreachable', 300)]
  assert.deepEqual(of(), [notReady, unreachable])
  assert.deepEqual(withTolerations({ containers: [] }, 5).tolerations, [
    lasting('not-ready', 5),
    lasting('unreachable', 5),
  ])
})

test('a pod that says itself how long it stays is left as it is', () => {
  const own = lasting('unreachable', 0)
  assert.deepEqual(of(own), [own, lasting('not-ready', 300)])
  assert.deepEqual(of({ operator: 'Exists' }), [{ operator: 'Exists' }])
  const soft = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }
  assert.equal(of(soft)?.length, 3)
})
