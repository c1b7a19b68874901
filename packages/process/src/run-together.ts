/** Something that goes on until its signal aborts. */
export type Loop = (signal: AbortSignal) => Promise<void>

/**
 * Runs loops side by side until the signal aborts: half a process is worse than none, so what ends one by an error ends
 * all.
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
