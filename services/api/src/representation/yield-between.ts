import type { Clock } from '@reckon/eventing'

/** Yields pieces one by one, letting other requests be served before the next one is made. */
export async function* yieldBetween<T>(
  clock: Clock,
  ...each: readonly (Iterable<T> | AsyncIterable<T>)[]
): AsyncGenerator<T> {
  for (const pieces of each) {
    for await (const piece of pieces) {
      yield piece
      // Without this a socket that accepts everything would have all pieces made at once.
      await clock.sleep(0)
    }
  }
}
