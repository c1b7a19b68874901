import type { WatchRepresentation } from '../representation/representation.ts'
import type { Selection } from '../verbs/selection.ts'
import type { SeenChange } from './seen-change.ts'
import { piecesOf } from './watch-lines.ts'
import type { Watcher } from './watcher.ts'

/** Watchers that see the same objects in the same form, so that they are all told the same bytes. */
export class Audience {
  readonly selection: Selection
  readonly representation: WatchRepresentation
  readonly watchers = new Set<Watcher>()

  constructor({ selection, representation }: Watcher) {
    this.selection = selection
    this.representation = representation
  }

  /** Those who are in one audience have the same. */
  static idOf({ selection, representation }: Watcher): string {
    return `${selection.id} ${representation.id}`
  }

  get id(): string {
    return `${this.selection.id} ${this.representation.id}`
  }

  /** Tells the changes, up to a position, to everyone who takes them. */
  send(changes: readonly SeenChange[], upTo: bigint): void {
    for (const piece of piecesOf(changes, this.representation, upTo)) {
      for (const watcher of this.watchers) if (!watcher.isFull) watcher.send(piece)
    }
  }
}
