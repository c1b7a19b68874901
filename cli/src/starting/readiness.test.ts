import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { layoutOf, type ProcessSpec, stopCluster, supervise } from '@reckon/supervisor'
import { processesReady } from './readiness.ts'

test('a process that runs as something else is waited for, an Envoy until it serves, though another is to take over', async (t) => {
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
  const handsOver = { adminSocket: join(folder, 'admin.sock'), sharedMemory, ports: [] }
  const ready = (spec: ProcessSpec, signal: AbortSignal) =>
    processesReady(layout, [spec], { report: () => {}, signal })
  assert.equal(await ready({ ...wanted, handsOver }, AbortSignal.timeout(200)), false)
  let workersStarted = 0
  const admin = createServer((_, response) => {
    response.end(`listener_manager.workers_started: ${workersStarted++}\n`)
  }).listen(handsOver.adminSocket)
  await once(admin, 'listening')
  t.after(() => admin.close())
  assert.equal(await ready({ ...wanted, handsOver }, new AbortController().signal), true)
  assert.equal(workersStarted, 2)
  assert.equal(await ready(before, new AbortController().signal), true)
  assert.equal(await ready(wanted, AbortSignal.timeout(200)), false)
})

test('what ends each time that it is started is named, with what its log ends with', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'readiness-'))
  t.after(() => rm(folder, { recursive: true, maxRetries: 5 }))
  const layout = layoutOf(folder)
  const script = `echo '{"level":50,"msg":"no such user","user":"w1"}'; echo '    at here'; exit 1`
  const failing: ProcessSpec = {
    ...{ name: 'nats', command: 'sh', args: ['-c', script], env: {}, stopTimeoutMs: 1000 },
    healthSocket: layout.healthSocket('nats'),
  }
  const stop = new AbortController()
  t.after(() => stop.abort())
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)])
  const reported: string[] = []
  const report = (_: string, line: string) => {
    reported.push(line)
    if (line.includes('no such user')) stop.abort()
  }
  const supervised = supervise(layout, [failing], () => {}, signal)
  assert.equal(await processesReady(layout, [failing], { report, signal }), false)
  await supervised
  assert.match(reported[0] ?? '', /^nats has been started \d+ times, and ends each time/)
  assert.match(reported[1] ?? '', /^ {2}no such user \{"user":"w1"\}$/)
})
