import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { watchWhatIsLeft } from './left-behind.ts'

test('what a run has started and not ended is told; what ends meanwhile is waited for', async () => {
  const whatIsLeft = watchWhatIsLeft()
  const shell = spawn('sh', ['-c', 'sleep 1d & echo $!'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [told] = await once(shell.stdout, 'data')
  const pid = Number(told)
  const waited = whatIsLeft()
  process.kill(pid)
  assert.deepEqual(await waited, [])
})
