import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { serveHealth } from './health.ts'
import { counterIn, createMetrics } from './metrics.ts'

test('a process answers for its health and its metrics on its socket', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'health-'))
  const socketPath = join(folder, 'process.sock')
  const metrics = createMetrics()
  counterIn(metrics, { name: 'reckon_things_total', help: 'Things', labelNames: [] }).inc(3)
  const about = { process: 'test', startedAt: '2026-11-26T08:00:00Z' }
  const server = await serveHealth(socketPath, about, {
    health: () => ({ ready: true, position: '18446744073709551615' }),
    metrics,
  })
  t.after(async () => {
    server.close()
    await rm(folder, { recursive: true })
  })
  const get = (path: string) =>
    new Promise<{ code?: number | undefined; body: string }>((resolve, reject) => {
      const asked = request({ socketPath, path }, (response) => {
        text(response).then((body) => resolve({ code: response.statusCode, body }), reject)
      })
      asked.on('error', reject)
      asked.end()
    })
  const health = await get('/health')
  assert.deepEqual(JSON.parse(health.body), {
    ...about,
    pid: process.pid,
    ready: true,
    position: '18446744073709551615',
  })
  assert.match((await get('/metrics')).body, /^reckon_things_total 3$/m)
  assert.equal((await get('/other')).code, 404)
})
