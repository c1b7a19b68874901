import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from './free-port.ts'

/** A real nats-server for one test, on a port that stays the same over restarts. */
export type NatsServer = {
  url: string
  start(): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}

/** The binary on PATH; ready to be started. */
export async function natsServer(): Promise<NatsServer> {
  const port = await freePort()
  let child: ChildProcess | undefined
  return {
    url: `nats://127.0.0.1:${port}`,
    async start() {
      child = spawn('nats-server', ['--addr', '127.0.0.1', '--port', String(port)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const started = child
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject)
        started.once('exit', (code) => reject(new Error(`nats-server ended with ${code}`)))
        started.stderr?.on('data', (chunk) => {
          if (String(chunk).includes('Server is ready')) resolve()
        })
      })
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
