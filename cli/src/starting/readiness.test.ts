import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { layoutOf, type ProcessSpec, stopCluster, supervise } from '@reckon/supervisor'
import { processesReady } from './readiness.ts'

test('a process that runs as something else is waited for, unless it serves until another takes over', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'readiness-'))
  const layout = layoutOf(folder)
  const before: ProcessSpec = {
    ...{ name: 'envoy', command: 'sleep', args: ['60'], env: {}, stopTimeoutMs: 1000 },
  }
  const started = new AbortController()
  await supervise(layout, [before], () => started.abort(), started.signal)
  t.after(async () => {
    await stopCluster(layout, [before], () => {})
    await rm(folder, { recursive: true })
  })

  const wanted = { ...before, args: ['61'] }
  const sharedMemory = join(folder, 'shared')
  const handsOver = { adminSocket: join(folder, 'admin.sock'), sharedMemory }
  const ready = (spec: ProcessSpec, signal: AbortSignal) =>
    processesReady(layout, [spec], { report: () => {}, signal })
  assert.equal(await ready({ ...wanted, handsOver }, new AbortController().signal), true)
  assert.equal(await ready(before, new AbortController().signal), true)
  assert.equal(await ready(wanted, AbortSignal.timeout(200)), false)
})
