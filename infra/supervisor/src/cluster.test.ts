import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stopCluster } from './cluster.ts'
import { layoutOf } from './layout.ts'
import { startProcess } from './processes/running-process.ts'

test('what an Envoy shared that was killed is taken away all the same', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stop-'))
  t.after(() => rm(folder, { recursive: true }))
  const sharedMemory = join(folder, 'shared')
  writeFileSync(sharedMemory, '')
  const spec = { name: 'envoy', command: 'envoy', args: [], env: {}, stopTimeoutMs: 0 }
  const handsOver = { adminSocket: join(folder, 'admin.sock'), ports: [], sharedMemory }
  await stopCluster(layoutOf(folder), [{ ...spec, handsOver }], () => {})
  assert.ok(!existsSync(sharedMemory))
})

test('agents end first, what the others rest on ends last', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stop-'))
  t.after(() => rm(folder, { recursive: true }))
  const layout = layoutOf(folder)
  const names = ['event-store', 'nats', 'api', 'agent-a', 'agent-b', 'proxy']
  const specs = names.map((name) => ({
    ...{ name, command: 'sleep', args: ['600'], env: {}, stopTimeoutMs: 10_000 },
  }))
  for (const spec of specs) await startProcess(layout, spec)
  const stopped: string[] = []
  await stopCluster(layout, specs, (name) => void stopped.push(name))
  const turns = [stopped.slice(0, 2), stopped.slice(2, 4), stopped.slice(4)]
  assert.deepEqual(
    turns.map((turn) => turn.toSorted().join()),
    ['agent-a,agent-b', 'api,proxy', 'event-store,nats'],
  )
})
