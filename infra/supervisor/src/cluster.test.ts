import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stopCluster } from './cluster.ts'
import { layoutOf } from './layout.ts'

test('what an Envoy shared that was killed is taken away all the same', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stop-'))
  t.after(() => rm(folder, { recursive: true }))
  const sharedMemory = join(folder, 'shared')
  writeFileSync(sharedMemory, '')
  const spec = { name: 'envoy', command: 'envoy', args: [], env: {}, stopTimeoutMs: 0 }
  const handsOver = { adminSocket: join(folder, 'admin.sock'), sharedMemory }
  await stopCluster(layoutOf(folder), [{ ...spec, handsOver }], () => {})
  assert.ok(!existsSync(sharedMemory))
})
