import { fileURLToPath } from 'node:url'
import type { Layout } from '../layout.ts'
import type { ProcessSpec } from './process-spec.ts'

export const stopTimeoutMs = 10_000

/** The main file of a package. */
export const mainOf = (name: string): string => fileURLToPath(import.meta.resolve(name))

/**
 * Each thread of V8's and Node's that had an arena of its own from malloc would keep there what it took at its most, as
 * when it compiled: all share two. C libraries other than glibc pass over it.
 */
const fewArenas = { MALLOC_ARENA_MAX: '2' }

type OurProcess = { name: string; main: string; args: string[]; env: Record<string, string> }

/** A process of ours: it has a folder of its own, and a health socket. */
export function ourProcess(layout: Layout, { name, main, args, env }: OurProcess): ProcessSpec {
  const healthSocket = layout.healthSocket(name)
  return {
    name,
    command: process.execPath,
    args: [mainOf(main), ...args],
    env: {
      ...fewArenas,
      ...env,
      RECKON_DATA_DIR: layout.processData(name),
      RECKON_HEALTH_SOCKET: healthSocket,
    },
    healthSocket,
    stopTimeoutMs,
  }
}
