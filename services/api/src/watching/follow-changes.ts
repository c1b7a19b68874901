import type { ObjectChange } from '@reckon/domain'
import type { Clock } from '@reckon/eventing'
import type { Resource } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { RecentChanges } from './recent-changes.ts'
import { replayChanges } from './replay-changes.ts'

/** Nothing up to this position is still to come. */
export type Reached = { reached: bigint }

type Following = {
  ports: ApiPorts
  recent: RecentChanges
  resource: Resource
  /** Changes after this position are wanted, however old it is. */
  after: bigint
  /** How often to tell the position reached, whether nothing has happened or much. */
  everyMs: number
  signal: AbortSignal
}

/**
 * The changes of a resource, without gap or repetition, until the signal aborts. A reader that lags behind what is
 * remembered gets them from the log, so however slow it is, nothing is queued for it.
 */
export async function* followChanges(following: Following): AsyncIterable<ObjectChange | Reached> {
  const { ports, recent, resource, everyMs, signal } = following
  let position = following.after
  let changed = Promise.withResolvers<void>()
  const wake = () => changed.resolve()
  const end = recent.onChange(resource, wake)
  const due = new Due(ports.clock, everyMs, wake)
  signal.addEventListener('abort', wake)
  try {
    while (!signal.aborted) {
      const upTo = ports.objects.position ?? 0n
      changed = Promise.withResolvers()
      if (upTo > position) {
        const span = { after: position, upTo }
        const changes = recent.after(resource, position) ?? replayChanges(ports, resource, span)
        for await (const change of changes) {
          yield change
          if (due.isOver()) yield { reached: change.event.position }
        }
        position = upTo
      }
      if (due.isOver()) yield { reached: position }
      await changed.promise
    }
  } finally {
    signal.removeEventListener('abort', wake)
    due.end()
    end()
  }
}

/** Is over every so often, for once, whatever else happens. */
class Due {
  readonly #end = new AbortController()
  readonly #begin: () => void
  #isOver = false

  constructor(clock: Clock, everyMs: number, wake: () => void) {
    this.#begin = () => {
      void clock.sleep(everyMs, this.#end.signal).then(() => {
        this.#isOver = true
        wake()
      })
    }
    this.#begin()
  }

  isOver(): boolean {
    if (!this.#isOver) return false
    this.#isOver = false
    this.#begin()
    return true
  }

  end(): void {
    this.#end.abort()
  }
}
