import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createMetrics, gaugeIn, serveHealth } from '@reckon/process'
import { createMetricsProxy } from './metrics-proxy.ts'

test('the proxy lists the processes, and passes on the metrics of each except those that name pods', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-metrics-'))
  const socket = join(folder, 'scheduler.sock')
  const about = { process: 'scheduler', startedAt: '' }
  const health = () => ({ ready: true })
  const metrics = createMetrics()
  for (const [name, labels] of [
    ['runs', { result: 'namespace="a"' }],
    ['used', { node: 'a', namespace: 'secret', pod: 'p' }],
  ] as const) {
    const gauge = { name, help: name, labelNames: Object.keys(labels) }
    gaugeIn(metrics, {
      ...gauge,
      collect() {
        this.set(labels, 1)
      },
    })
  }
  const process = await serveHealth(socket, about, { health, metrics })
  let searches = 0
  const proxy = createMetricsProxy(async () => {
    searches++
    return [
      { name: 'scheduler', job: 'kube-scheduler', socket },
      { name: 'proxy', job: 'kube-proxy', socket: join(folder, 'none') },
    ]
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(async () => {
    proxy.close()
    process.close()
    await rm(folder, { recursive: true })
  })
  const address = proxy.address()
  assert.ok(address && typeof address === 'object')
  const base = `http://127.0.0.1:${address.port}`
  const codeOf = async (path: string) => (await fetch(base + path)).status
  const targets = JSON.parse(await (await fetch(`${base}/targets`)).text())
  assert.equal(targets[0].targets[0], `127.0.0.1:${address.port}`)
  const told = await (await fetch(`${base}/scheduler/metrics`)).text()
  assert.match(told, /^runs\{result="namespace=\\"a\\""\} 1$/m)
  assert.doesNotMatch(told, /secret/)
  assert.equal(await codeOf('/proxy/metrics'), 503)
  assert.equal(searches, 1, 'what is known is not looked for again')
  assert.equal(await codeOf('/api/metrics'), 404)
  assert.equal(searches, 2)
  assert.equal((await fetch(`${base}/targets`, { method: 'POST' })).status, 405)
  const byPage = get(`${base}/targets`, { headers: { host: 'evil.example' } })
  const [refused]: IncomingMessage[] = await once(byPage, 'response')
  assert.equal(refused?.statusCode, 403)
})
