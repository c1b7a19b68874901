import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedNode } from '../simulated/simulated-node.fixture.ts'

const lookEveryMs = 300_000
/** Any disk is too full for it. */
const imageLimits = { highShare: 0, lowShare: -1 }

test('images that no container needs go, and what a pod uses stays', async () => {
  await using node = await simulatedNode({ imageLimits })
  for (const name of ['staying', 'leaving']) {
    node.upsert(node.pod(name, { containers: [{ name: 'c', image: `${name}:1` }] }))
    await node.statusOf(name, ({ phase }) => phase === 'Running')
  }
  node.terminate('leaving')
  node.applied()
  await node.gone('leaving')
  await node.clock.advance(2 * lookEveryMs)
  await node.settle(async () => !(await node.runtime.hasImage('leaving:1')))
  assert.ok(await node.runtime.hasImage('staying:1'))
})
