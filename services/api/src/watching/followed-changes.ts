import { type Resource, resourceId } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { RecentChanges } from './recent-changes.ts'
import { replayChanges, type Span } from './replay-changes.ts'
import type { WatchedChange } from './watched-change.ts'

type Context = { ports: Pick<ApiPorts, 'log' | 'objects'>; recent: RecentChanges }

/**
 * What happens to the objects of some resources, as one sequence: Kubernetes promises none across kinds, the log has
 * it.
 */
export class FollowedChanges {
  /** Where it is the same, so are the resources. */
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

  /** Those after a position, oldest first; undefined if some of them are forgotten. */
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

  /** Those of a span, from the log: however long ago. */
  replayed(span: Span): AsyncIterable<WatchedChange> {
    return replayChanges(this.#context.ports, this.#resources, span)
  }

  /** Calls back after each change; returns how to end it. */
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
