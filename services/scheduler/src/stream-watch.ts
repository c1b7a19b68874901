import type { Objects } from '@reckon/domain'

/** Notifies of changes by stream. The view has one listener, and only while anybody waits. */
export class StreamWatch {
  readonly #objects: Pick<Objects, 'subscribe'>
  readonly #waiting = new Map<string, Set<() => void>>()
  #unsubscribe: (() => void) | undefined

  constructor(objects: Pick<Objects, 'subscribe'>) {
    this.#objects = objects
  }

  /** Calls the listener after each change of one of these streams; returns the function that ends it. */
  watch(streams: readonly string[], listener: () => void): () => void {
    for (const stream of streams) {
      const known = this.#waiting.get(stream)
      if (known) known.add(listener)
      else this.#waiting.set(stream, new Set([listener]))
    }
    this.#unsubscribe ??= this.#objects.subscribe(({ event }) => {
      for (const each of this.#waiting.get(event.stream) ?? []) each()
    })
    return () => this.#end(streams, listener)
  }

  #end(streams: readonly string[], listener: () => void): void {
    for (const stream of streams) {
      const known = this.#waiting.get(stream)
      known?.delete(listener)
      if (known?.size === 0) this.#waiting.delete(stream)
    }
    if (this.#waiting.size > 0) return
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }
}
