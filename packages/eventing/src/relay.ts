import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { EventLog } from './event-log.ts'
import type { Logger } from './logger.ts'

export type RelayOptions = { signal: AbortSignal; logger?: Logger }

export async function runRelay(
  ports: { log: EventLog; bus: Bus; clock: Clock },
  options: RelayOptions,
): Promise<void> {
  throw new Error(`not yet: ${[ports, options].length}`)
}
