import type { Clock } from '@reckon/eventing'

type Turns = { clock: Clock; signal: AbortSignal; items: number }

/** Await this after each item: every so many items it yields to other work. Throws once the signal aborts. */
export function yieldEvery({ clock, signal, items }: Turns): () => Promise<void> {
  let taken = 0
  return async () => {
    if (++taken % items === 0) await clock.sleep(0)
    signal.throwIfAborted()
  }
}
