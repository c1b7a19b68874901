import type { Clock } from '@reckon/eventing'

type Turns = { clock: Clock; signal: AbortSignal; items: number }

/** To be awaited after each item: others have their turn after so many. Throws once the signal aborts. */
export function inTurns({ clock, signal, items }: Turns): () => Promise<void> {
  let taken = 0
  return async () => {
    if (++taken % items === 0) await clock.sleep(0)
    signal.throwIfAborted()
  }
}
