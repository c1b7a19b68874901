import { type Author, authorOf, type ObjectRef, refOf } from '@reckon/domain'
import { type EventLog, isSystemEvent } from '@reckon/eventing'

/** An object that was written to, and by whom: of each the last event. */
export type Touched = ObjectRef & { authors: Author[] }

/**
 * The objects that were written to between two positions (exclusive, inclusive), in the order of their first change.
 * Throws once the signal aborts.
 */
export async function touchedBetween(
  log: EventLog,
  { after, upTo }: { after: bigint; upTo: bigint },
  { isWanted, signal }: { isWanted(ref: ObjectRef): boolean; signal: AbortSignal },
): Promise<readonly Touched[]> {
  const found = new Map<string, Touched>()
  for await (const event of log.readAll({ after })) {
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
