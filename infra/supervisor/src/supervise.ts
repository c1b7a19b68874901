import { existsSync, watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { backOffMs } from '@reckon/eventing'
import { KeyedMutex } from '@reckon/process'
import type { Layout } from './layout.ts'
import { lastEnded } from './processes/last-ended.ts'
import { onReplaced } from './processes/on-replaced.ts'
import { healthOf } from './processes/process-health.ts'
import type { ProcessReporter } from './processes/process-reporter.ts'
import type { ProcessSpec } from './processes/process-spec.ts'
import {
  findProcess,
  formOf,
  type RunningProcess,
  signal as sendSignal,
  startProcess,
  stopProcess,
} from './processes/running-process.ts'
import { stopUnwanted } from './processes/stop-unwanted.ts'

const rests = { minMs: 100, maxMs: 10_000 }
/** A process that lived at least this long is restarted at once. */
const stableMs = 10_000
/** How long a restarted replica may take to become ready before the next one is restarted. */
const readyMsMax = 30_000
const readyPollMs = 100

/**
 * Keeps every process running until the signal aborts: adopts those of an earlier supervisor, starts missing ones, and
 * restarts those that die. Processes whose options have changed are restarted, replicas one at a time; those no longer
 * wanted are stopped. At the end all others go on running: they outlive their supervisor.
 */
export async function supervise(
  layout: Layout,
  specs: readonly ProcessSpec[],
  report: ProcessReporter,
  signal: AbortSignal,
): Promise<void> {
  await stopUnwanted(layout, specs, report)
  const replicas = new KeyedMutex()
  await Promise.all(specs.map((spec) => keepRunning({ layout, spec, report, replicas, signal })))
}

type Keeping = {
  layout: Layout
  spec: ProcessSpec
  report: ProcessReporter
  replicas: KeyedMutex
  signal: AbortSignal
}

async function keepRunning(keeping: Keeping): Promise<void> {
  const { spec, report, signal } = keeping
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  let failures = 0
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    if (spec.needsFile) await Promise.race([fileExists(spec.needsFile, signal), aborted])
    if (signal.aborted) return
    const since = performance.now()
    const why = await Promise.race([runOnce(keeping, isFirst), aborted])
    if (signal.aborted) return
    failures = performance.now() - since > stableMs ? 1 : failures + 1
    const restartMs = backOffMs(failures, rests)
    report(spec.name, `${why}; it is started again in ${restartMs} ms`)
    await after(restartMs, undefined, { signal }).catch(() => {})
  }
}

/** Runs a process to its end and returns why it ended. One that cannot be started does not affect the others. */
async function runOnce(keeping: Keeping, isFirst: boolean): Promise<string> {
  const { spec, replicas, signal } = keeping
  const over = new AbortController()
  try {
    // Replicas are restarted one by one, each when the previous one is ready: only their new
    // options may allow them to share a port.
    const { running, isFound } =
      isFirst && spec.replicaOf
        ? await replicas.run(spec.replicaOf, () => begin(keeping))
        : await begin(keeping)
    const { rereads } = spec
    const reload = () => sendSignal(running.pid, 'SIGHUP')
    const watched = AbortSignal.any([signal, over.signal])
    if (rereads) onReplaced(rereads, reload, watched)
    // Its configuration may have been replaced while nobody watched. A process that has just
    // started may miss the signal, but reads the file anyway.
    if (rereads && isFound) reload()
    if (spec.handsOver) await lastEnded(keeping, running, watched)
    else await running.ended()
    return 'has ended'
  } catch (error) {
    return `could not be started: ${(error as Error).message}`
  } finally {
    over.abort()
  }
}

type Begun = { running: RunningProcess; isFound: boolean }

/**
 * The process of an earlier supervisor, or a new one; a replacement for one with other options is awaited until it is
 * ready.
 */
async function begin({ layout, spec, report, signal }: Keeping): Promise<Begun> {
  const found = await findProcess(layout, spec.name)
  // A hand-over needs the old process to be running.
  if (found && (spec.handsOver || found.form === (await formOf(spec)))) {
    report(spec.name, `goes on (pid ${found.pid})`)
    return { running: found, isFound: true }
  }
  if (found) {
    report(spec.name, `is started anew with other options (was pid ${found.pid})`)
    await stopProcess(layout, spec.name, found, spec.stopTimeoutMs)
  }
  const running = await startProcess(layout, spec)
  report(spec.name, `started (pid ${running.pid})`)
  if (found && spec.replicaOf) await Promise.race([untilReady(spec, signal), running.ended()])
  return { running, isFound: false }
}

/** Resolves once the process is ready, or after a while. */
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
