import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const { href } = new URL('run-command.ts', import.meta.url)
const runner = `
  import { run } from '${href}'
  await run('sh', ['-c', 'echo $$; exec sleep 1d'], { isIdle: true })
`

test('what computes only while nobody else does is the nicest, its session too, and ends with who began it', async (context) => {
  const args = ['--input-type=module', '--eval', runner]
  const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  context.after(() => run.kill())
  const [told] = await once(run.stdout, 'data')
  const [, niceness] = /^\d+ \(\w+\) (?:\S+ ){16}(\d+) /.exec(of(told, 'stat')) ?? []
  assert.equal(niceness, '19')
  if (existsSync('/proc/self/autogroup')) assert.match(of(told, 'autogroup'), / nice 19$/m)
  run.kill('SIGINT')
  const [code] = await once(run, 'exit')
  assert.equal(code, 130)
  // Who is killed holds the pipe no longer.
  await once(run.stdout, 'close')
})

const of = (pid: unknown, file: string): string =>
  readFileSync(`/proc/${Number(pid)}/${file}`, 'utf8')
