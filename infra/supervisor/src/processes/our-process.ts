import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Layout } from '../layout.ts'
import type { ProcessSpec } from './process-spec.ts'

export const stopTimeoutMs = 10_000

/**
 * Where V8 collects garbage and compiles beside the main thread: more threads than there are other cores, or than the
 * four that Node takes, would keep the main one waiting (docs/benchmarks.md).
 */
const v8Threads = Math.max(1, Math.min(4, availableParallelism() - 1))

/** Node's arguments that run the main file of a package. */
export const runMain = (name: string): string[] => [
  `--v8-pool-size=${v8Threads}`,
  fileURLToPath(import.meta.resolve(name)),
]

type OurProcess = { name: string; main: string; args: string[]; env: Record<string, string> }

/** A process of ours: it has a folder of its own, and a health socket. */
export function ourProcess(layout: Layout, { name, main, args, env }: OurProcess): ProcessSpec {
  const healthSocket = layout.healthSocket(name)
  return {
    name,
    command: process.execPath,
    args: [...runMain(main), ...args],
    env: {
      ...env,
      RECKON_DATA_DIR: layout.processData(name),
      RECKON_HEALTH_SOCKET: healthSocket,
    },
    healthSocket,
    stopTimeoutMs,
  }
}
