import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'

/** A running store and the way to end it; `kill` resolves once it is gone. */
export interface SpawnedStore {
  readonly url: string
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  kill(signal: NodeJS.Signals): Promise<void>
}

/** The command in a process of its own, once it listens; killed after the test at the latest. */
export async function spawnEventStore(
  context: TestContext,
  dataDir: string,
  flags: readonly string[] = [],
): Promise<SpawnedStore> {
  const main = join(import.meta.dirname, '../main.ts')
  const argv = [main, '--data-dir', dataDir, '--insecure', '--port', '0', ...flags]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  context.after(() => kill('SIGKILL'))
  child.stderr.pipe(process.stderr)
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('esdb://')) return { url: line, child, kill }
  }
  throw new Error('the event store ended before it listened')
}
