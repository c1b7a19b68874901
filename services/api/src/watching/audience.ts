import type { WatchRepresentation } from '../representation/representation.ts'
import type { Selection } from '../verbs/selection.ts'
import type { SeenChange } from './seen-change.ts'
import { piecesOf } from './watch-lines.ts'
import type { Watcher } from './watcher.ts'

/** Watchers with the same selection and representation; all of them are sent the same bytes. */
export class Audience {
  readonly selection: Selection
  readonly representation: WatchRepresentation
  readonly watchers = new Set<Watcher>()

  constructor({ selection, representation }: Watcher) {
    this.selection = selection
    this.representation = representation
  }

  /** Watchers with the same id form one audience. */
  static idOf({ selection, representation }: Watcher): string {
    return `${selection.id} ${representation.id}`
  }

  get id(): string {
    return `${this.selection.id} ${this.representation.id}`
  }

  /** Sends the changes up to a position to every watcher that is not full. */
  send(changes: readonly SeenChange[], upTo: bigint): void {
    for (const piece of piecesOf(changes, this.representation, upTo)) {
      for (const watcher of this.watchers) if (!watcher.isFull) watcher.send(piece)
    }
  }
}
