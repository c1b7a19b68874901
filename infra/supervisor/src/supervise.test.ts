import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type Layout, layoutOf } from './layout.ts'
import type { ProcessSpec } from './process-list.ts'
import { findProcess, startProcess, stopProcess } from './running-process.ts'
import { supervise } from './supervise.ts'

let layout: Layout
beforeEach(async () => {
  layout = layoutOf(await mkdtemp(join(tmpdir(), 'reckon-supervisor-')))
})
afterEach(async () => {
  const running = await findProcess(layout, sleeper.name)
  if (running) await stopProcess(layout, sleeper.name, running, 1000)
  await rm(layout.dataDir, { recursive: true })
})

const sleeper: ProcessSpec = {
  name: 'sleeper',
  command: 'sleep',
  args: ['600'],
  env: {},
  stopTimeoutMs: 1000,
}

/** Runs the supervisor; `next` waits for what it says next. */
function supervised(specs: readonly ProcessSpec[]) {
  const stop = new AbortController()
  const said: string[] = []
  let heard = () => {}
  const report = (_: string, message: string) => {
    said.push(message)
    heard()
  }
  const ended = supervise(layout, specs, report, stop.signal)
  const next = async (): Promise<string> => {
    if (said.length === 0) {
      await new Promise<void>((resolve) => {
        heard = resolve
      })
    }
    return said.shift() ?? ''
  }
  const end = () => {
    stop.abort()
    return ended
  }
  return { next, end }
}

const pidIn = (message: string): number => Number(/pid (\d+)/.exec(message)?.[1])

test('a process that is killed is started again', async () => {
  const { next, end } = supervised([sleeper])
  const first = pidIn(await next())
  process.kill(first, 'SIGKILL')
  assert.match(await next(), /has ended/)
  assert.notEqual(pidIn(await next()), first)
  await end()
})

test('a supervisor that ends leaves its processes, and the next one adopts them', async () => {
  const one = supervised([sleeper])
  const pid = pidIn(await one.next())
  await one.end()
  const another = supervised([sleeper])
  assert.equal(await another.next(), `goes on (pid ${pid})`)
  process.kill(pid, 'SIGKILL')
  assert.match(await another.next(), /has ended/)
  assert.match(await another.next(), /^started/)
  await another.end()
})

test('a pid that another process bears by now is not taken for ours', async () => {
  const running = await startProcess(layout, sleeper)
  const stolen = JSON.stringify({ pid: running.pid, started: '1' })
  await writeFile(layout.pidFile(sleeper.name), stolen)
  assert.equal(await findProcess(layout, sleeper.name), undefined)
  process.kill(running.pid, 'SIGKILL')
  await running.ended()
})

test('one that ignores SIGTERM is killed when its time is over', async () => {
  const stubborn = {
    ...sleeper,
    command: 'sh',
    args: ['-c', 'trap "" TERM; while :; do sleep 1; done'],
  }
  const running = await startProcess(layout, stubborn)
  await stopProcess(layout, stubborn.name, running, 100)
  assert.equal(await findProcess(layout, stubborn.name), undefined)
})

test('what needs a file is started once it is there', async () => {
  const file = join(layout.dataDir, 'ready.yaml')
  const { next, end } = supervised([{ ...sleeper, needsFile: file }])
  assert.equal(await findProcess(layout, sleeper.name), undefined)
  await writeFile(file, '')
  assert.match(await next(), /^started/)
  await end()
})
