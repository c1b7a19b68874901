import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createNodeSealing, openNodeKey } from './node-key.ts'

const nodeSealing = createNodeSealing()

test('what is sealed to a node opens with its key at its place, also after a restart', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'node-key-'))
  context.after(() => rm(dir, { recursive: true }))
  const path = join(dir, 'node.key')
  const { publicKey } = await openNodeKey(path)
  assert.equal((await stat(path)).mode & 0o077, 0)
  const sealed = nodeSealing.seal(publicKey, 'hunter2', 'a default/db')
  assert.ok(sealed)
  const again = await openNodeKey(path)
  assert.equal(again.publicKey, publicKey)
  assert.equal(again.open(sealed, 'a default/db'), 'hunter2')
  assert.throws(() => again.open(sealed, 'a default/other'))
  const other = await openNodeKey(join(dir, 'other.key'))
  assert.throws(() => other.open(sealed, 'a default/db'))
})

test('nothing is sealed to what is no key', () => {
  assert.equal(nodeSealing.seal('', 'hunter2', ''), undefined)
  assert.equal(nodeSealing.seal('bm90IGEga2V5', 'hunter2', ''), undefined)
})
