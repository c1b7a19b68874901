import type { Clock } from '../clock.ts'
import type { EventLog } from '../log/event-log.ts'

/**
 * After a request that this many callers shared, the next one waits a moment to gather more: a request costs as much as
 * several of the reads that wait for it.
 */
const crowd = 8
const gatherMs = 1

/**
 * Asks the store for its head, one request at a time. Callers that come while one is under way share the next, because
 * the answer to the present one may be older than what they have seen.
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
