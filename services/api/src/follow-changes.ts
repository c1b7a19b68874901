import type { ObjectChange } from '@reckon/domain'
import type { Resource } from '@reckon/kubernetes'
import type { ApiPorts } from './ports.ts'
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
  /** How often to tell the position reached, though nothing may have happened. */
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
  let isDue = false
  let changed = Promise.withResolvers<boolean>()
  const wake = () => changed.resolve(true)
  const end = recent.onChange(resource, wake)
  signal.addEventListener('abort', wake)
  try {
    while (!signal.aborted) {
      const upTo = ports.objects.position ?? 0n
      changed = Promise.withResolvers()
      if (upTo > position) {
        const span = { after: position, upTo }
        yield* recent.after(resource, position) ?? replayChanges(ports, resource, span)
        position = upTo
      }
      if (isDue) yield { reached: position }
      const waited = new AbortController()
      const slept = ports.clock.sleep(everyMs, waited.signal).then(() => false)
      isDue = !(await Promise.race([changed.promise, slept]))
      waited.abort()
    }
  } finally {
    signal.removeEventListener('abort', wake)
    end()
  }
}
