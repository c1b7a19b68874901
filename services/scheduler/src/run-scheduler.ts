import { type Bus, holdTerm, type Logger, type Reader, silent } from '@reckon/eventing'
import type { WritePorts } from '@reckon/writing'
import { scheduleTerm } from './schedule-term.ts'

/** `objects` is one of the projections of `reader`, which somebody else runs. */
export type SchedulerPorts = WritePorts & { bus: Bus; reader: Reader; logger?: Logger }

/** Who this instance is, `<process>@<machine>`: the same after a restart. */
export type SchedulerConfiguration = { holder: string }

/** Places pods on nodes and records why, while this instance holds the term; until the signal aborts. */
export async function runScheduler(
  ports: SchedulerPorts,
  { holder }: SchedulerConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const logger = ports.logger ?? silent
  await holdTerm(ports, { service: 'scheduler', holder, signal, logger }, (term, ofTerm) =>
    scheduleTerm(ports, term, ofTerm),
  )
}
