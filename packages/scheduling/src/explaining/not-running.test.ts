import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { formatWhy } from './format-why.ts'
import { notRunningIn } from './not-running.ts'

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

test('what only begins, and what no node has yet, says nothing', () => {
  assert.deepEqual(notRunningIn(podWith('ContainerCreating')), [])
  const { spec, ...rest } = podWith('ImagePullBackOff')
  assert.deepEqual(notRunningIn({ ...rest, spec: { containers: spec.containers } }), [])
})
