import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { layoutOf } from './layout.ts'
import { findProcess, stopProcess } from './processes/running-process.ts'
import { supervise } from './supervise.ts'

test('a program that is missing takes no other process along, and runs once it is there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'supervise-'))
  t.after(() => rm(folder, { recursive: true, maxRetries: 5 }))
  const program = join(folder, 'program')
  const stop = new AbortController()
  const reported: string[] = []
  const report = (name: string, message: string): void => {
    const [what = ''] = message.match(/^(could not be started|started|has ended)/) ?? []
    reported.push(`${name} ${what}`)
    if (what === 'could not be started') writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    if (name === 'late' && what === 'has ended') stop.abort()
  }
  const spec = { args: [], env: {}, stopTimeoutMs: 0 }
  const specs = [
    { ...spec, name: 'late', command: program },
    { ...spec, name: 'other', command: '/bin/true' },
  ]
  await supervise(layoutOf(folder), specs, report, stop.signal)
  const ofLate = reported.filter((line) => line.startsWith('late'))
  assert.deepEqual(ofLate, ['late could not be started', 'late started', 'late has ended'])
  assert.ok(reported.includes('other has ended'))
})

test('a process that an earlier supervisor left goes on, and is started anew with other options', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'supervise-'))
  t.after(() => rm(folder, { recursive: true, maxRetries: 5 }))
  const layout = layoutOf(folder)
  const spec = { name: 'sleeper', command: 'sleep', args: ['60'], env: {}, stopTimeoutMs: 1000 }
  const other = { ...spec, args: ['61'] }
  const reported: string[] = []
  for (const one of [spec, spec, other]) {
    const stop = new AbortController()
    const report = (_: string, message: string): void => {
      reported.push(message.replace(/ .pid.*| .was.*/, ''))
      if (/^(started|goes on)/.test(message)) stop.abort()
    }
    await supervise(layout, [one], report, stop.signal)
  }
  const running = await findProcess(layout, spec.name)
  assert.ok(running)
  await stopProcess(layout, spec.name, running, 1000)
  assert.deepEqual(reported, [
    'started',
    'goes on',
    'is started anew with other options',
    'started',
  ])
})

test('replicas are started anew one at a time; what is no longer wanted is stopped', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'supervise-'))
  t.after(() => rm(folder, { recursive: true, maxRetries: 5 }))
  const layout = layoutOf(folder)
  const replica = {
    ...{ command: 'sleep', args: ['60'], env: {}, stopTimeoutMs: 1000 },
    replicaOf: 'api' as const,
  }
  const names = ['api', 'api-2', 'api-3']
  const before = names.map((name) => ({ ...replica, name }))
  const after = before.slice(0, 2).map((spec) => ({ ...spec, args: ['61'] }))
  const reported: string[] = []
  for (const specs of [before, after]) {
    const stop = new AbortController()
    reported.length = 0
    await supervise(
      layout,
      specs,
      (name, message) => {
        reported.push(`${name} ${message.replace(/ .pid.*| .was.*/, '')}`)
        if (reported.length === (specs === before ? 3 : 5)) stop.abort()
      },
      stop.signal,
    )
  }
  const running = await Promise.all(names.map((name) => findProcess(layout, name)))
  for (const [index, each] of running.entries()) {
    if (each) await stopProcess(layout, names[index] as string, each, 1000)
  }
  const anew = reported.filter((line) => !line.startsWith('api-3'))
  const order = anew[0]?.startsWith('api ') ? ['api', 'api-2'] : ['api-2', 'api']
  assert.deepEqual(
    anew,
    order.flatMap((name) => [`${name} is started anew with other options`, `${name} started`]),
  )
  assert.ok(reported.includes('api-3 is no longer wanted: stopped'))
  assert.equal(running[2], undefined)
})
