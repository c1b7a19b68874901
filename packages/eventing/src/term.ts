import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { EventLog } from './event-log.ts'
import type { Ids } from './ids.ts'
import type { Logger } from './logger.ts'

export type TermPorts = { log: EventLog; bus: Bus; clock: Clock; ids: Ids }
/** Which service, and who this instance is (`<process>@<machine>`). */
export type TermOptions = { service: string; holder: string; signal: AbortSignal; logger?: Logger }

export async function holdTerm(
  ports: TermPorts,
  options: TermOptions,
  run: (term: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  throw new Error(`not yet: ${[ports, options, run].length}`)
}
