import { setTimeout as after } from 'node:timers/promises'
import { backOffMs } from '@reckon/eventing'
import type { Layout } from '../layout.ts'
import { drainEnvoy } from './drain-envoy.ts'
import { type HandOver, handOver } from './hand-over.ts'
import { onReplaced } from './on-replaced.ts'
import type { ProcessReporter } from './process-reporter.ts'
import type { ProcessSpec } from './process-spec.ts'
import { formOf, type RunningProcess, stopProcess } from './running-process.ts'

type Kept = { layout: Layout; spec: ProcessSpec; report: ProcessReporter }

/** The pause between attempts at a hand-over that failed. */
const rests = { minMs: 1_000, maxMs: 60_000 }

/**
 * Resolves when an Envoy, or the last one that took over from it, has ended. If the wanted form changes meanwhile, a
 * new Envoy takes over, unless Envoy rejects that configuration.
 */
export async function lastEnded(
  { layout, spec, report }: Kept,
  first: RunningProcess,
  signal: AbortSignal,
): Promise<void> {
  let changed = Promise.withResolvers<'Changed'>()
  onReplaced(spec.needsFile ?? '', () => changed.resolve('Changed'), signal)
  let [running, ended] = [first, endOf(first)]
  let refused: string | undefined
  let failures = 0
  while (!signal.aborted) {
    changed = Promise.withResolvers()
    const form = await formOf(spec)
    const isDue = form !== running.form && form !== refused
    const handed = isDue ? await handOver(layout, spec, running, signal) : undefined
    if (signal.aborted) return
    if (handed) report(spec.name, toldOf(handed, running))
    if (handed?.outcome === 'Impossible') return stopForAnother({ layout, spec }, running)
    if (handed?.outcome === 'TakenOver') {
      running = handed.running
      ended = endOf(running)
    }
    if (handed?.outcome === 'Refused') refused = form
    failures = handed?.outcome === 'Failed' ? failures + 1 : 0
    const next = [changed.promise, ended, ...(failures > 0 ? [restOf(failures, signal)] : [])]
    if ((await Promise.race(next)) === 'Ended') return
  }
}

const endOf = (running: RunningProcess) => running.ended().then(() => 'Ended' as const)

const restOf = (failures: number, signal: AbortSignal) =>
  after(backOffMs(failures, rests), 'Rested' as const, { signal }).catch(() => 'Rested' as const)

function toldOf(handed: HandOver, { pid }: RunningProcess): string {
  switch (handed.outcome) {
    case 'TakenOver':
      return `takes over (pid ${handed.running.pid}, Envoy ${handed.version}) from pid ${pid}`
    case 'Refused':
      return `goes on (pid ${pid}), for what is wanted now is refused: ${handed.why}`
    case 'Failed':
      return `goes on (pid ${pid}), for what was to take over has ended; it is tried again`
    case 'Impossible':
      return `is started anew with other options (was pid ${pid})`
  }
}

async function stopForAnother(
  { layout, spec }: Omit<Kept, 'report'>,
  running: RunningProcess,
): Promise<void> {
  const letIn = spec.handsOver && (await drainEnvoy(spec.handsOver))
  await stopProcess(layout, spec.name, running, spec.stopTimeoutMs)
  await letIn?.()
}
