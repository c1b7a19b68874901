import { type Resource, resourceId } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { RecentChanges } from './recent-changes.ts'
import { replayChanges, type Span } from './replay-changes.ts'
import type { WatchedChange } from './watched-change.ts'

type Context = { ports: Pick<ApiPorts, 'log' | 'objects'>; recent: RecentChanges }

/** The changes of several resources as one sequence. Kubernetes promises no order across kinds; the log has one. */
export class FollowedChanges {
  /** The same for the same set of resources. */
  readonly id: string
  readonly #context: Context
  readonly #resources: readonly Resource[]

  constructor(context: Context, resources: readonly Resource[]) {
    this.id = FollowedChanges.idOf(resources)
    this.#context = context
    this.#resources = resources
  }

  static idOf(resources: readonly Resource[]): string {
    return resources.map(resourceId).sort().join()
  }

  /** The changes after a position, oldest first; undefined if some of them are no longer in memory. */
  after(position: bigint): readonly WatchedChange[] | undefined {
    const found: (readonly WatchedChange[])[] = []
    for (const resource of this.#resources) {
      const changes = this.#context.recent.after(resource, position)
      if (changes === undefined) return undefined
      found.push(changes)
    }
    const [only = []] = found
    return found.length === 1 ? only : found.flat().sort(byPosition)
  }

  /** The changes of a span, read from the log, however long ago. */
  replayed(span: Span): AsyncIterable<WatchedChange> {
    return replayChanges(this.#context.ports, this.#resources, span)
  }

  /** Calls the listener after each change; returns a function to unsubscribe. */
  onChange(listener: (change: WatchedChange) => void): () => void {
    const { recent } = this.#context
    const ends = this.#resources.map((resource) => recent.onChange(resource, listener))
    return () => {
      for (const end of ends) end()
    }
  }
}

const byPosition = (a: WatchedChange, b: WatchedChange): number =>
  a.position < b.position ? -1 : a.position > b.position ? 1 : 0
