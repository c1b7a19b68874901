import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createMetrics, serveHealth } from '@reckon/process'
import { createMetricsDoor } from './metrics-door.ts'

test('the door names the processes, and shows what each tells on its socket', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-metrics-'))
  const socket = join(folder, 'scheduler.sock')
  const about = { process: 'scheduler', startedAt: '' }
  const health = () => ({ ready: true })
  const process = await serveHealth(socket, about, { health, metrics: createMetrics() })
  const door = createMetricsDoor(async () => [
    { name: 'scheduler', job: 'kube-scheduler', socket },
    { name: 'proxy', job: 'kube-proxy', socket: join(folder, 'none') },
  ])
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  t.after(async () => {
    door.close()
    process.close()
    await rm(folder, { recursive: true })
  })
  const address = door.address()
  assert.ok(address && typeof address === 'object')
  const base = `http://127.0.0.1:${address.port}`
  const codeOf = async (path: string) => (await fetch(base + path)).status
  const targets = JSON.parse(await (await fetch(`${base}/targets`)).text())
  assert.equal(targets[0].targets[0], `127.0.0.1:${address.port}`)
  assert.equal(await codeOf('/scheduler/metrics'), 200)
  assert.equal(await codeOf('/proxy/metrics'), 503)
  assert.equal(await codeOf('/api/metrics'), 404)
})
