const endsBySignal = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back when the signal aborts; returns the function that calls it off. The signal itself has one listener for
 * all of them, while there are any: an `EventTarget` goes through all its listeners whenever one comes or goes, and
 * hundreds of waits end by the same signal.
 */
export function onAbort(signal: AbortSignal, end: () => void): () => void {
  const ends = endsBySignal.get(signal) ?? new Set()
  if (ends.size === 0) {
    endsBySignal.set(signal, ends)
    signal.addEventListener('abort', endAll)
  }
  ends.add(end)
  return () => {
    // A signal that was composed of others lives as long as these while it has a listener.
    if (ends.delete(end) && ends.size === 0) signal.removeEventListener('abort', endAll)
  }
}

function endAll(this: AbortSignal): void {
  for (const end of endsBySignal.get(this) ?? []) end()
}
