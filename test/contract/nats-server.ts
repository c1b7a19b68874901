import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NatsUser, natsConfiguration } from '@reckon/supervisor'
import { freePort } from './free-port.ts'

/** A real nats-server for one test, on a port that stays the same over restarts. */
export type NatsServer = {
  url: string
  start(): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Kills it, as in a crash. */
  kill(): Promise<void>
}

/** The binary on PATH, with a configuration where one is given. */
export async function natsServer(users?: readonly NatsUser[]): Promise<NatsServer> {
  const port = await freePort()
  const ways = ['--addr', '127.0.0.1', '--port', String(port)]
  let child: ChildProcess | undefined
  return {
    url: `nats://127.0.0.1:${port}`,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'reckon-nats-'))
      const file = join(folder, 'nats-server.conf')
      if (users !== undefined) await writeFile(file, natsConfiguration(users))
      const args = users === undefined ? ways : [...ways, '-c', file]
      child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] })
      const started = child
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject)
        started.once('exit', (code) => reject(new Error(`nats-server ended with ${code}`)))
        started.stderr?.on('data', (chunk) => {
          if (String(chunk).includes('Server is ready')) resolve()
        })
      })
      await rm(folder, { recursive: true })
    },
    signal(name) {
      child?.kill(name)
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
