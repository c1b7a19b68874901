/** Wakes readers that wait for new events of one stream, or of all. */
export interface CommitSignal {
  publish(streams: ReadonlySet<string>): void
  /** Begins to listen; without a stream, to everything. */
  listen(stream?: string): Listener
}

/** A waiting reader. */
export interface Listener {
  /** Resolves at the next commit, or at once if there was one since the last call, or on `stop`. */
  next(): Promise<void>
  stop(): void
}

/**
 * A waiting reader has no queue of events: it is only told to look again, and reads from the store after its own
 * position. However slow it is, it costs no memory.
 */
export function createCommitSignal(): CommitSignal {
  const byStream = new Map<string | undefined, Set<() => void>>()
  return {
    publish(streams) {
      for (const wake of byStream.get(undefined) ?? []) wake()
      if (byStream.size === 0) return
      for (const stream of streams) for (const wake of byStream.get(stream) ?? []) wake()
    },
    listen(stream) {
      let missed = false
      let resume: (() => void) | undefined
      const wake = () => {
        missed = resume === undefined
        resume?.()
        resume = undefined
      }
      const listeners = byStream.get(stream) ?? new Set()
      byStream.set(stream, listeners.add(wake))
      return {
        next: () =>
          new Promise((resolve) => {
            if (missed) resolve()
            else resume = resolve
            missed = false
          }),
        stop() {
          listeners.delete(wake)
          // A second stop must not remove listeners that were added in between.
          if (listeners.size === 0 && byStream.get(stream) === listeners) byStream.delete(stream)
          wake()
        },
      }
    },
  }
}
