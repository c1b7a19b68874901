/** A loop that runs until its signal aborts. */
export type Loop = (signal: AbortSignal) => Promise<void>

/**
 * Runs loops concurrently until the signal aborts. An error in one of them ends all, because half a process is worse
 * than none.
 */
export async function runTogether(signal: AbortSignal, loops: readonly Loop[]): Promise<void> {
  const failed = new AbortController()
  const ended = AbortSignal.any([signal, failed.signal])
  await Promise.all(
    loops.map((loop) =>
      loop(ended).catch((error: unknown) => {
        failed.abort()
        throw error
      }),
    ),
  )
}
