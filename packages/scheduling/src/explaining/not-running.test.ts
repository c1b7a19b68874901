import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { formatWhy } from './format-why.ts'
import { failureOf, notRunningIn } from './not-running.ts'

const podWith = (reason: string, message?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { nodeName: 'a', containers: [{ name: 'c' }] },
  status: {
    containerStatuses: [
      {
        ...{ name: 'c', image: '', imageID: '', ready: false, restartCount: 0 },
        state: { waiting: { reason, ...(message && { message }) } },
      },
    ],
  },
})

test('a pod that was placed and cannot run says so, with the reason of its node', () => {
  const message = 'port is already allocated'
  const found = notRunningIn(podWith('ContainerCreating', message))
  assert.deepEqual(found, [{ container: 'c', reason: 'ContainerCreating', message }])
  const why = { namespace: 'default', name: 'web', state: 'Scheduled', nodeName: 'a' } as const
  assert.match(
    formatWhy({ ...why, decisions: [], notRunning: found }),
    /was placed on a\nContainer c does not run there: ContainerCreating: port is already allocated\n/,
  )
})

test('a pod that failed as a whole says why, in the words of its node', () => {
  const failed = (status: Pod['status']) => failureOf({ ...podWith('x'), status: status ?? {} })
  const message = 'Pod was rejected: node(s) had no such label'
  const failure = { reason: 'NodeAffinity', message }
  assert.deepEqual(failed({ phase: 'Failed', ...failure }), failure)
  assert.deepEqual(failed({ phase: 'Failed', reason: 'Evicted' }), { reason: 'Evicted' })
  assert.equal(failed({ phase: 'Failed' }), undefined)
  assert.equal(failed({ phase: 'Running', reason: 'x' }), undefined)
  const why = { namespace: 'default', name: 'web', state: 'Preset', nodeName: 'a' } as const
  const lines = (more: object) => formatWhy({ ...why, decisions: [], ...more }).split('\n')
  assert.equal(lines({ failure })[1], `It failed: NodeAffinity: ${message}`)
  assert.equal(lines({ failure: { reason: 'Evicted' } })[1], 'It failed: Evicted')
})

test('what only begins, and what no node has yet, says nothing', () => {
  assert.deepEqual(notRunningIn(podWith('ContainerCreating')), [])
  const { spec, ...rest } = podWith('ImagePullBackOff')
  assert.deepEqual(notRunningIn({ ...rest, spec: { containers: spec.containers } }), [])
})
