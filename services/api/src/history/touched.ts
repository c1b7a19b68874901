import { type Author, authorOf, type ObjectRef, refOf } from '@reckon/domain'
import { isSystemEvent } from '@reckon/eventing'
import { scopeIn } from './activity.ts'
import { eventsAbout } from './indexed-events.ts'
import type { Searched } from './position-at.ts'

/** An object that was written to, and by whom: of each the last event. */
export type Touched = ObjectRef & { authors: Author[] }

/** Where an object is, of a kind. */
type Home = Pick<ObjectRef, 'resourceId' | 'namespace'>

/**
 * The objects that were written to between two positions (exclusive, inclusive), in the order of their first change.
 * Throws once the signal aborts.
 */
export async function touchedBetween(
  { log, index }: Searched,
  { after, upTo }: { after: bigint; upTo: bigint },
  { isWanted, signal }: { isWanted(home: Home): boolean; signal: AbortSignal },
): Promise<readonly Touched[]> {
  const found = new Map<string, Touched>()
  const isAbout = (scope: string) => isWanted(scopeIn(scope))
  const events = index
    ? eventsAbout({ log, index }, isAbout, { after, signal })
    : log.readAll({ after })
  for await (const event of events) {
    signal.throwIfAborted()
    if (event.position > upTo) break
    const ref = isSystemEvent(event) ? undefined : refOf(event.stream)
    if (ref === undefined || !isWanted(ref)) continue
    const { authors = [] } = found.get(event.stream) ?? {}
    const author = authorOf(event)
    const others = authors.filter(
      ({ user, client }) => user !== author.user || client !== author.client,
    )
    found.set(event.stream, { ...ref, authors: [...others, author] })
  }
  return [...found.values()]
}
