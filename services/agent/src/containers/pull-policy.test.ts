import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedNode } from '../simulated/simulated-node.fixture.ts'

/**
 * Whether an image is pulled for a pod with this policy, and whether it is said to have been there, on a node that has
 * it or not; and why its container waits.
 */
async function pulledBy(imagePullPolicy: string, isThere: boolean) {
  await using node = await simulatedNode()
  const pulled: string[] = []
  Object.assign(node.runtime, {
    hasImage: async () => isThere,
    pullImage: async (image: string) => void pulled.push(image),
  })
  node.upsert(node.pod('web', { containers: [{ name: 'c', image: 'i:1', imagePullPolicy }] }))
  const reasonOf = (status: Awaited<ReturnType<typeof node.statusOf>>) =>
    status.containerStatuses?.[0]?.state?.waiting?.reason
  const status = await node.statusOf(
    'web',
    (told) => told.phase === 'Running' || reasonOf(told) === 'ErrImageNeverPull',
  )
  const reports = node.reportsSoFar().filter((each) => each.type === 'PodStatus')
  const isFound = reports.some(({ imagesFound }) => imagesFound?.includes('c'))
  return [pulled.includes('i:1'), isFound, reasonOf(status)]
}

test('imagePullPolicy says whether an image is pulled: always, if it is not there, or never', async () => {
  assert.deepEqual(await pulledBy('Always', true), [true, false, undefined])
  assert.deepEqual(await pulledBy('IfNotPresent', true), [false, true, undefined])
  assert.deepEqual(await pulledBy('IfNotPresent', false), [true, false, undefined])
  assert.deepEqual(await pulledBy('Never', true), [false, true, undefined])
  assert.deepEqual(await pulledBy('Never', false), [false, false, 'ErrImageNeverPull'])
})
