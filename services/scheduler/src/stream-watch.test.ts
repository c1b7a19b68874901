import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startedCluster } from './cluster.fixture.ts'
import { StreamWatch } from './stream-watch.ts'

test('who waits is told of its own streams alone, and the view is listened to once', async (t) => {
  const cluster = await startedCluster(t)
  let subscribed = 0
  const watch = new StreamWatch({
    subscribe: (listener) => {
      subscribed += 1
      const end = cluster.ports.objects.subscribe(listener)
      return () => {
        subscribed -= 1
        end()
      }
    },
  })
  const told: string[] = []
  const endFirst = watch.watch(['pods-default/one', 'pods-default/both'], () => told.push('first'))
  const endSecond = watch.watch(['pods-default/both'], () => told.push('second'))
  assert.equal(subscribed, 1)
  for (const name of ['one', 'both', 'other']) await cluster.pod(name)
  assert.deepEqual(told, ['first', 'first', 'second'])
  endFirst()
  assert.equal(subscribed, 1)
  endSecond()
  assert.equal(subscribed, 0)
})
