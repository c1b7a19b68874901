import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { killTree, processAt } from './process-tree.ts'

/** A shell in a session of its own that tells the numbers of what it began. */
async function shell(script: string): Promise<{ pid: number; begun: number[] }> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout.setEncoding('utf8')
  const [said] = await once(child.stdout, 'data')
  return { pid: child.pid ?? 0, begun: String(said).trim().split(' ').map(Number) }
}

/** Killed ones are there for a moment still. */
async function untilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) while (await isThere(pid)) await new Promise(setImmediate)
}

const isThere = async (pid: number) => (await processAt(pid)) !== undefined

test('a process is killed with all that it has begun, and nothing else is', async () => {
  const script = 'sleep 1000 & A=$!; (sleep 1000 & echo $A $!; exec sleep 1000) & wait'
  const [one, other] = [await shell(script), await shell(script)]
  const root = await processAt(one.pid)
  assert.ok(root)
  await killTree({ ...root, startTicks: '1' })
  assert.equal(await isThere(one.pid), true)
  await killTree(root)
  await untilGone([one.pid, ...one.begun])
  for (const pid of [other.pid, ...other.begun]) assert.equal(await isThere(pid), true, `${pid}`)
  // Where its leader has ended, the rest of a session is found by that.
  const left = await processAt(other.pid)
  process.kill(other.pid, 'SIGKILL')
  assert.ok(left)
  await killTree(left)
  await untilGone(other.begun)
})
