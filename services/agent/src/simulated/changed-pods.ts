type Watcher = { changed: Set<string>; wake: () => void }

/** Notifies watchers of pods that changed. */
export class ChangedPods {
  readonly #watchers = new Set<Watcher>()

  changed(podUid: string): void {
    for (const { changed, wake } of this.#watchers) {
      changed.add(podUid)
      wake()
    }
  }

  /** Lets waiting watchers check whether the engine is still there. */
  wakeAll(): void {
    for (const { wake } of this.#watchers) wake()
  }

  /**
   * Yields undefined, then each pod that changed, until the signal aborts; `ensureHere` throws while the engine is
   * away.
   */
  async *watch(signal: AbortSignal, ensureHere: () => void): AsyncGenerator<string | undefined> {
    ensureHere()
    const watcher: Watcher = { changed: new Set(), wake: () => {} }
    this.#watchers.add(watcher)
    const onAbort = () => watcher.wake()
    signal.addEventListener('abort', onAbort)
    try {
      yield undefined
      while (!signal.aborted) {
        ensureHere()
        const due = [...watcher.changed]
        watcher.changed.clear()
        yield* due
        if (watcher.changed.size > 0 || signal.aborted) continue
        await new Promise<void>((resolve) => {
          watcher.wake = resolve
        })
      }
    } finally {
      this.#watchers.delete(watcher)
      signal.removeEventListener('abort', onAbort)
    }
  }
}
