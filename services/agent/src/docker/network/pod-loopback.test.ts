import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RuntimeRefusal } from '../../runtime/runtime.ts'
import { PodLoopbacks } from './pod-loopback.ts'

test('where there is no room for a relay into the network of a pod, whoever asked is told', async (t) => {
  const { TMPDIR } = process.env
  t.after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })
  process.env.TMPDIR = '/proc/self/no-such-folder'
  // Every process is in a group whose name has this in it.
  await assert.rejects(new PodLoopbacks().open('/', process.pid, 80), RuntimeRefusal)
})
