import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pauseElf } from './pause-elf.ts'

const dir = mkdtempSync(join(tmpdir(), 'reckon-pause-'))
after(() => rmSync(dir, { recursive: true }))
const program = join(dir, 'pause')
writeFileSync(program, pauseElf(process.arch === 'arm64' ? 'arm64' : 'amd64'))
chmodSync(program, 0o755)

const onLinux = { skip: process.platform === 'linux' ? false : 'the program is for Linux' }

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends pause with 0`, onLinux, async () => {
    const pause = await startPause()
    pause.kill(signal)
    assert.deepEqual(await once(pause, 'exit'), [0, null])
  })
}

test('other signals do not end it', onLinux, async () => {
  const pause = await startPause()
  pause.kill('SIGCHLD')
  pause.kill('SIGCHLD')
  await sleep(20)
  assert.equal(pause.exitCode, null)
  pause.kill('SIGTERM')
  assert.deepEqual(await once(pause, 'exit'), [0, null])
})

test('both programs are whole ELF files for their processor', () => {
  assert.equal(pauseElf('amd64').readUInt16LE(18), 0x3e)
  assert.equal(pauseElf('arm64').readUInt16LE(18), 0xb7)
  assert.ok(pauseElf('amd64').length < 300 && pauseElf('arm64').length < 320)
})

/** Starts it and waits until it sleeps, its signals blocked: one sent before that would end it otherwise. */
async function startPause(): Promise<ChildProcess> {
  const pause = spawn(program, { stdio: 'ignore' })
  await once(pause, 'spawn')
  const sleeps = () =>
    /^Name:\tpause\n[\s\S]*^State:\tS/m.test(readFileSync(`/proc/${pause.pid}/status`, 'utf8'))
  while (!sleeps()) await sleep(1)
  return pause
}
