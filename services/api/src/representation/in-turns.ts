import type { Clock } from '@reckon/eventing'

/** Pieces one by one, each made when others had their turn. */
export async function* inTurns<T>(
  clock: Clock,
  ...each: readonly (Iterable<T> | AsyncIterable<T>)[]
): AsyncGenerator<T> {
  for (const pieces of each) {
    for await (const piece of pieces) {
      yield piece
      // A socket that takes all at once would have all made at once.
      await clock.sleep(0)
    }
  }
}
