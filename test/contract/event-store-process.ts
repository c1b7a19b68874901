import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

/** The embedded event store as a process of its own, on a port and data that stay the same over restarts. */
export type EventStoreProcess = {
  url: string
  dataDir: string
  /** Of the process started last. */
  readonly pid: number
  start(): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Kills it, as in a crash. */
  kill(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

const main = fileURLToPath(import.meta.resolve('@reckon/event-store/main'))

export async function eventStoreProcess(): Promise<EventStoreProcess> {
  const port = await freePort()
  const dataDir = await mkdtemp(join(tmpdir(), 'event-store-'))
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    dataDir,
    get pid() {
      if (child?.pid === undefined) throw new Error('the event store was not started')
      return child.pid
    },
    async start() {
      const flags = ['--data-dir', dataDir, '--port', String(port), '--insecure']
      const started = spawn(process.execPath, [main, ...flags], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child = started
      await new Promise<void>((resolve, reject) => {
        started.once('exit', (code) => reject(new Error(`the event store ended with ${code}`)))
        started.stdout?.on('data', (chunk) => {
          if (String(chunk).includes('esdb://')) resolve()
        })
      })
    },
    signal(name) {
      child?.kill(name)
    },
    kill,
    async remove() {
      await kill()
      await rm(dataDir, { recursive: true })
    },
  }
}
