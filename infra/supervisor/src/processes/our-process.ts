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

/**
 * Half of V8's young generation: two or three times as much is resident once a process has worked. Less than Node's
 * default costs no CPU where little is under way at once (docs/benchmarks.md).
 */
const semiSpaceMiBDefault = 8

/** Node's arguments that run the main file of a package. */
export const runMain = (name: string, semiSpaceMiB = semiSpaceMiBDefault): string[] => [
  `--v8-pool-size=${v8Threads}`,
  `--max-semi-space-size=${semiSpaceMiB}`,
  fileURLToPath(import.meta.resolve(name)),
]

type OurProcess = {
  name: string
  main: string
  args: string[]
  env: Record<string, string>
  semiSpaceMiB?: number
}

/** A process of ours: it has a folder of its own, and a health socket. */
export function ourProcess(
  layout: Layout,
  { name, main, args, env, semiSpaceMiB }: OurProcess,
): ProcessSpec {
  const healthSocket = layout.healthSocket(name)
  return {
    name,
    command: process.execPath,
    args: [...runMain(main, semiSpaceMiB), ...args],
    env: {
      ...env,
      RECKON_DATA_DIR: layout.processData(name),
      RECKON_HEALTH_SOCKET: healthSocket,
    },
    healthSocket,
    stopTimeoutMs,
  }
}
