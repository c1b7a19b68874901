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

/** Sizes of a process' V8 heap, chosen in docs/benchmarks.md. */
export type Heap = {
  /** Half of the young generation: two or three times as much is resident once a process has worked. */
  semiSpaceMiB: number
  /** The whole heap is not searched for garbage until the old generation has this size; V8 begins with far less. */
  initialOldSpaceMiB?: number
}

/** Less than Node's default costs no CPU where little is under way at once. */
const heapDefault: Heap = { semiSpaceMiB: 8 }

/** Node's arguments that run the main file of a package. */
export const runMain = (
  name: string,
  { semiSpaceMiB, initialOldSpaceMiB }: Heap = heapDefault,
): string[] => [
  `--v8-pool-size=${v8Threads}`,
  `--max-semi-space-size=${semiSpaceMiB}`,
  ...(initialOldSpaceMiB ? [`--initial-old-space-size=${initialOldSpaceMiB}`] : []),
  fileURLToPath(import.meta.resolve(name)),
]

type OurProcess = {
  name: string
  main: string
  args: string[]
  env: Record<string, string>
  heap?: Heap
}

/** A process of ours: it has a folder of its own, and a health socket. */
export function ourProcess(
  layout: Layout,
  { name, main, args, env, heap }: OurProcess,
): ProcessSpec {
  const healthSocket = layout.healthSocket(name)
  return {
    name,
    command: process.execPath,
    args: [...runMain(main, heap), ...args],
    env: {
      ...env,
      RECKON_DATA_DIR: layout.processData(name),
      RECKON_HEALTH_SOCKET: healthSocket,
    },
    healthSocket,
    stopTimeoutMs,
  }
}
