import type { Clock } from '../clock.ts'
import type { EventLog } from '../log/event-log.ts'

/**
 * Where so many shared a question, the next waits a moment for more: it costs as much as several of the reads that need
 * it.
 */
const crowd = 8
const gatherMs = 1

/**
 * Asks the store for its head, one question at a time: who comes while one is under way shares the next, for the answer
 * to the present one may be older than what they have seen.
 */
export function createSharedHead(
  log: Pick<EventLog, 'head'>,
  clock: Clock,
): () => Promise<bigint | undefined> {
  let current: Promise<unknown> = Promise.resolve()
  let next: Promise<bigint | undefined> | undefined
  let sharing = 0
  let isCrowded = false
  const ask = async (): Promise<bigint | undefined> => {
    await current.catch(() => undefined)
    if (isCrowded) await clock.sleep(gatherMs)
    isCrowded = sharing >= crowd
    sharing = 0
    next = undefined
    const asked = log.head()
    current = asked
    return asked
  }
  return () => {
    sharing++
    next ??= ask()
    return next
  }
}
