import { existsSync, watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Layout } from './layout.ts'
import type { ProcessSpec } from './process-list.ts'
import {
  findProcess,
  formOf,
  type RunningProcess,
  startProcess,
  stopProcess,
} from './running-process.ts'

/** What the supervisor has to tell: a process was started, found running, or has ended. */
export type Report = (process: string, message: string) => void

const restartMsMin = 100
const restartMsMax = 10_000
/** A process that lived this long starts anew at once. */
const stableMs = 10_000

/**
 * Keeps every process running until the signal aborts: adopts what an earlier supervisor left, starts what is missing, and
 * starts again what dies. It stops nothing: the processes live apart from it.
 */
export async function supervise(
  layout: Layout,
  specs: readonly ProcessSpec[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(specs.map((spec) => keepRunning(layout, spec, report, signal)))
}

async function keepRunning(
  layout: Layout,
  spec: ProcessSpec,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  let restartMs = restartMsMin
  while (!signal.aborted) {
    if (spec.needsFile) await Promise.race([fileExists(spec.needsFile, signal), aborted])
    if (signal.aborted) return
    const since = performance.now()
    const why = await Promise.race([runOnce(layout, spec, report), aborted])
    if (signal.aborted) return
    if (performance.now() - since > stableMs) restartMs = restartMsMin
    report(spec.name, `${why}; it is started again in ${restartMs} ms`)
    await after(restartMs, undefined, { signal }).catch(() => {})
    restartMs = Math.min(restartMs * 2, restartMsMax)
  }
}

/** Runs a process to its end; says how that came. One that cannot be started takes no other along. */
async function runOnce(layout: Layout, spec: ProcessSpec, report: Report): Promise<string> {
  try {
    const found = await findAsWanted(layout, spec, report)
    const running = found ?? (await startProcess(layout, spec))
    report(spec.name, `${found ? 'goes on' : 'started'} (pid ${running.pid})`)
    await running.ended()
    return 'has ended'
  } catch (error) {
    return `could not be started: ${(error as Error).message}`
  }
}

/** The process that an earlier supervisor left; one that it started as something else is stopped. */
async function findAsWanted(
  layout: Layout,
  spec: ProcessSpec,
  report: Report,
): Promise<RunningProcess | undefined> {
  const found = await findProcess(layout, spec.name)
  if (!found || found.form === (await formOf(spec))) return found
  report(spec.name, `is started anew with other options (was pid ${found.pid})`)
  await stopProcess(layout, spec.name, found, spec.stopTimeoutMs)
  return undefined
}

/** Resolves once the file exists. */
async function fileExists(path: string, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await new Promise<void>((resolve) => {
    const watcher = watch(dirname(path), { signal }, () => {
      if (existsSync(path)) finish()
    })
    const finish = () => {
      watcher.close()
      resolve()
    }
    if (existsSync(path)) finish()
  })
}
