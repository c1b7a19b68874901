import type { RecordedEvent } from '@reckon/eventing'
import { noteRecorded } from '../note.ts'

/** Passes on notes as they are recorded, and stores none. */
export class Notes {
  readonly #listeners = new Set<(event: RecordedEvent) => void>()

  /** Calls the listener for each recorded note; returns a function to unsubscribe. */
  subscribe(listener: (event: RecordedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Returns whether the event was a note. */
  apply(event: RecordedEvent): boolean {
    if (event.type !== noteRecorded) return false
    for (const listener of this.#listeners) listener(event)
    return true
  }
}
