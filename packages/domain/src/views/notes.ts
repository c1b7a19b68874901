import type { RecordedEvent } from '@reckon/eventing'
import { noteRecorded } from '../note.ts'

/** Tells of notes as they are recorded, and keeps none. */
export class Notes {
  readonly #listeners = new Set<(event: RecordedEvent) => void>()

  /** Calls the listener for each note that was recorded; returns how to end it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether the event was a note. */
  apply(event: RecordedEvent): boolean {
    if (event.type !== noteRecorded) return false
    for (const listener of this.#listeners) listener(event)
    return true
  }
}
