import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const { href } = new URL('run-command.ts', import.meta.url)
const runner = `
  import { run } from '${href}'
  const ended = run('sh', ['-c', 'echo $$; exec sleep 1d'], { isIdle: true })
  process.send('begun')
  await ended
`

test('what computes only while nobody else does is the nicest, its session too, and ends with who began it', async (context) => {
  const args = ['--input-type=module', '--eval', runner]
  const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  context.after(() => run.kill())
  assert.ok(run.stdout)
  const [[told]] = await Promise.all([once(run.stdout, 'data'), once(run, 'message')])
  const [, niceness] = /^\d+ \(\w+\) (?:\S+ ){16}(\d+) /.exec(of(told, 'stat')) ?? []
  assert.equal(niceness, '19')
  if (existsSync('/proc/self/autogroup')) assert.match(of(told, 'autogroup'), / nice 19$/m)
  run.kill('SIGINT')
  // Only once who was killed holds the pipe no longer.
  const [code] = await once(run, 'close')
  assert.equal(code, 130)
})

const of = (pid: unknown, file: string): string =>
  readFileSync(`/proc/${Number(pid)}/${file}`, 'utf8')
