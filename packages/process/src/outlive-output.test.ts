import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const fixture = fileURLToPath(import.meta.resolve('./talkative-process.fixture.ts'))

test('a process goes on when nobody takes its output any more, and ends when it is told to', async (context) => {
  const child = spawn(process.execPath, [fixture], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  context.after(() => child.kill('SIGKILL'))
  const [signs] = child.stdio.slice(3)
  assert.ok(signs && 'read' in signs)
  const lives = createInterface(signs)[Symbol.asyncIterator]()
  await lives.next()
  child.stdout?.destroy()
  child.stderr?.destroy()
  for (let count = 0; count < 20; count++) assert.equal((await lives.next()).value, 'alive')
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0)
})
