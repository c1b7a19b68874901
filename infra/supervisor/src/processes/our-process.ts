import { fileURLToPath } from 'node:url'
import type { Layout } from '../layout.ts'
import type { ProcessSpec } from './process-spec.ts'

export const stopTimeoutMs = 10_000

/** The main file of a package. */
export const mainOf = (name: string): string => fileURLToPath(import.meta.resolve(name))

type OurProcess = { name: string; main: string; args: string[]; env: Record<string, string> }

/** A process of ours: it has a folder of its own, and a health socket. */
export function ourProcess(layout: Layout, { name, main, args, env }: OurProcess): ProcessSpec {
  const healthSocket = layout.healthSocket(name)
  return {
    name,
    command: process.execPath,
    args: [mainOf(main), ...args],
    env: {
      ...env,
      RECKON_DATA_DIR: layout.processData(name),
      RECKON_HEALTH_SOCKET: healthSocket,
    },
    healthSocket,
    stopTimeoutMs,
  }
}
