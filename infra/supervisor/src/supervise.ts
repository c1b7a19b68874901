import { existsSync, watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Layout } from './layout.ts'
import { healthOf } from './process-health.ts'
import type { ProcessSpec } from './process-spec.ts'
import { reloadOnChange } from './reload-on-change.ts'
import {
  findProcess,
  formOf,
  namesOfProcesses,
  type RunningProcess,
  signal as sendSignal,
  startProcess,
  stopProcess,
} from './running-process.ts'
import { Turns } from './turns.ts'

/** What the supervisor has to tell: a process was started, found running, or has ended. */
export type Report = (process: string, message: string) => void

const restartMsMin = 100
const restartMsMax = 10_000
/** A process that lived this long starts anew at once. */
const stableMs = 10_000
/** What is no longer wanted has this long to stop. */
const stopMsMax = 45_000
/** So long the replicas that are still to be started anew wait for one that has been. */
const readyMsMax = 30_000
const readyPollMs = 100

/**
 * Keeps every process running until the signal aborts: adopts what an earlier supervisor left, starts what is missing, and
 * starts again what dies. What has other options now is started anew, of replicas one at a time; what is no longer wanted
 * is stopped. All else is left running at the end: the processes live apart from their supervisor.
 */
export async function supervise(
  layout: Layout,
  specs: readonly ProcessSpec[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const turns = new Turns()
  const unwanted = await unwantedOf(layout, specs)
  await Promise.all([
    ...specs.map((spec) => keepRunning({ layout, spec, report, turns, signal })),
    ...unwanted.map(async ([name, running]) => {
      await stopProcess(layout, name, running, stopMsMax)
      report(name, 'is no longer wanted: stopped')
    }),
  ])
}

/** What an earlier supervisor left of a cluster that had more. */
async function unwantedOf(
  layout: Layout,
  specs: readonly ProcessSpec[],
): Promise<[string, RunningProcess][]> {
  const wanted = new Set(specs.map(({ name }) => name))
  const names = (await namesOfProcesses(layout)).filter((name) => !wanted.has(name))
  const found = await Promise.all(names.map((name) => findProcess(layout, name)))
  return names.flatMap((name, index) => {
    const running = found[index]
    return running === undefined ? [] : [[name, running]]
  })
}

type Keeping = {
  layout: Layout
  spec: ProcessSpec
  report: Report
  turns: Turns
  signal: AbortSignal
}

async function keepRunning(keeping: Keeping): Promise<void> {
  const { spec, report, signal } = keeping
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  let restartMs = restartMsMin
  while (!signal.aborted) {
    if (spec.needsFile) await Promise.race([fileExists(spec.needsFile, signal), aborted])
    if (signal.aborted) return
    const since = performance.now()
    const why = await Promise.race([runOnce(keeping), aborted])
    if (signal.aborted) return
    if (performance.now() - since > stableMs) restartMs = restartMsMin
    report(spec.name, `${why}; it is started again in ${restartMs} ms`)
    await after(restartMs, undefined, { signal }).catch(() => {})
    restartMs = Math.min(restartMs * 2, restartMsMax)
  }
}

/** Runs a process to its end; says how that came. One that cannot be started takes no other along. */
async function runOnce({ layout, spec, report, turns, signal }: Keeping): Promise<string> {
  const over = new AbortController()
  try {
    const found = await findProcess(layout, spec.name)
    const isAsWanted = !found || found.form === formOf(spec)
    if (found && isAsWanted) report(spec.name, `goes on (pid ${found.pid})`)
    const start = async () => {
      const running = await startProcess(layout, spec)
      report(spec.name, `started (pid ${running.pid})`)
      return running
    }
    const startAnew = async (former: RunningProcess) => {
      report(spec.name, `is started anew with other options (was pid ${former.pid})`)
      await stopProcess(layout, spec.name, former, spec.stopTimeoutMs)
      const running = await start()
      if (spec.replicaOf) await Promise.race([untilReady(spec, signal), running.ended()])
      return running
    }
    const running =
      found && !isAsWanted
        ? await turns.take(spec.replicaOf ?? spec.name, () => startAnew(found))
        : (found ?? (await start()))
    const { rereads } = spec
    const reload = () => sendSignal(running.pid, 'SIGHUP')
    if (rereads) reloadOnChange(rereads, reload, AbortSignal.any([signal, over.signal]))
    // It may have been replaced while nobody watched; one that has just begun is deaf yet, and reads it anyway.
    if (rereads && running === found) reload()
    await running.ended()
    return 'has ended'
  } catch (error) {
    return `could not be started: ${(error as Error).message}`
  } finally {
    over.abort()
  }
}

/** Resolves once the process says that it is ready, and in any case after a while. */
async function untilReady({ healthSocket }: ProcessSpec, signal: AbortSignal): Promise<void> {
  const endAt = performance.now() + readyMsMax
  while (healthSocket && !signal.aborted && performance.now() < endAt) {
    if ((await healthOf(healthSocket))?.ready) return
    await after(readyPollMs, undefined, { signal }).catch(() => {})
  }
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
