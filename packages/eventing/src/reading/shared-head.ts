import type { EventLog } from '../event-log.ts'

/**
 * Asks the store for its head, one question at a time: who comes while one is under way shares the next, for the answer
 * to the present one may be older than what they have seen.
 */
export function createSharedHead(log: EventLog): () => Promise<bigint | undefined> {
  let current: Promise<unknown> = Promise.resolve()
  let next: Promise<bigint | undefined> | undefined
  return () => {
    next ??= current
      .catch(() => undefined)
      .then(() => {
        next = undefined
        const asked = log.head()
        current = asked
        return asked
      })
    return next
  }
}
