import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { isOutage } from '../outage.ts'

const retryMs = 250

type Attempts = {
  clock: Clock
  logger: Logger
  signal: AbortSignal
  /** Whether to stop retrying. */
  isOver(): boolean
  /** Called after each attempt that failed because the log was away. */
  onAway?(): void
}

/** Retries while the log is away. Throws whatever else an attempt throws. */
export async function whileAway(
  { clock, logger, signal, isOver, onAway }: Attempts,
  attempt: () => Promise<void>,
): Promise<void> {
  let away = false
  while (!isOver()) {
    try {
      await attempt()
      return
    } catch (error) {
      if (!isOutage(error)) throw error
      if (!away) logger.warn({ error: (error as Error).message }, 'reading waits for the log')
      away = true
      onAway?.()
      await clock.sleep(retryMs, signal)
    }
  }
}
