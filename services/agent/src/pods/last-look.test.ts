import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SeenContainer } from '../runtime/runtime.ts'
import { LastLook } from './last-look.ts'

test('the engine is asked once, and again only after something happened or was started that is not seen', async () => {
  let asked = 0
  let there: SeenContainer[] = []
  const look = new LastLook(async () => {
    asked++
    return there
  })
  await look.containers()
  await look.containers()
  assert.equal(asked, 1)
  look.happened()
  there = [running]
  assert.deepEqual(await look.containers(), [running])
  look.started({ container: 'web', attempt: 0 })
  await look.containers()
  assert.equal(asked, 2, 'it was seen before the engine answered')
  look.started({ container: 'web', attempt: 1 })
  await look.containers()
  await look.containers()
  assert.equal(asked, 3)
})

const running: SeenContainer = {
  id: 'c',
  pod: { namespace: 'default', name: 'web', uid: 'u' },
  container: 'web',
  attempt: 0,
  sandboxId: 's',
  state: 'Running',
  image: 'nginx',
  imageId: 'i',
  exitCode: 0,
  outOfMemory: false,
}
