import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ApiFigures } from './figure.ts'
import type { Job } from './job.ts'

/** Measures one API by a load in a process of its own: one of the programs beside this file. */
export async function measureApi<A>(
  job: Job<A>,
  program: 'load.ts' | 'watchers-load.ts' = 'load.ts',
): Promise<ApiFigures> {
  const load = fileURLToPath(new URL(program, import.meta.url))
  const child = spawn(process.execPath, [load, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`the load ended with ${code}`)
  return JSON.parse(printed)
}
