import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { LatestOutput } from './latest-output.ts'

const ports = (failures: unknown[], signal: AbortSignal) => ({
  clock: { now: () => 0, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) },
  signal,
  onApplied() {},
  onFailure: (error: unknown) => failures.push(error),
})

test('what the machine refuses is tried again, and the newest counts', async () => {
  const failures: unknown[] = []
  const applied: string[] = []
  const done = Promise.withResolvers<void>()
  const output = new LatestOutput<string>(
    ports(failures, new AbortController().signal),
    async (value) => {
      if (failures.length < 2) throw new Error('nft: busy')
      applied.push(value)
      done.resolve()
    },
  )
  output.offer(1n, 'old')
  output.offer(2n, 'new')
  await done.promise
  assert.deepEqual(applied, ['new'])
  assert.equal(failures.length, 2)
})

test('what the output holds is applied again where that is asked for, and the newest alone', async () => {
  const applied: string[] = []
  const started = Promise.withResolvers<void>()
  const goesOn = Promise.withResolvers<void>()
  const output = new LatestOutput<string>(
    ports([], new AbortController().signal),
    async (value) => {
      applied.push(value)
      started.resolve()
      await goesOn.promise
    },
  )
  output.again()
  output.offer(1n, 'one')
  await started.promise
  output.again()
  goesOn.resolve()
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  await settled()
  assert.deepEqual(applied, ['one', 'one'])
  output.offer(2n, 'two')
  output.again()
  await settled()
  assert.deepEqual(applied, ['one', 'one', 'two', 'two'])
  output.offer(3n, 'two')
  await settled()
  assert.equal(applied.length, 4)
})

test('a bug in an output ends the process instead of being tried for ever', () => {
  const script = `
    import { LatestOutput } from ${JSON.stringify(join(import.meta.dirname, 'latest-output.ts'))}
    const clock = { now: () => 0, sleep: () => new Promise(() => {}) }
    const ports = { clock, signal: new AbortController().signal, onApplied() {}, onFailure() {} }
    setInterval(() => {}, 1000)
    new LatestOutput(ports, async () => { throw new TypeError('a bug') }).offer(1n, 'value')
  `
  const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    timeout: 10_000,
  })
  assert.notEqual(run.status, 0)
  assert.match(String(run.stderr), /TypeError: a bug/)
})
