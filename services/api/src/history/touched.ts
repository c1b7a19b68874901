import { type Author, authorOf, type ObjectRef, refOf } from '@reckon/domain'
import { type EventLog, isSystemEvent, type RecordedEvent, revisionAt } from '@reckon/eventing'
import { ofScopes } from './activity.ts'
import { eventsAbout } from './indexed-events.ts'
import type { Searched } from './position-at.ts'

/** A span between two positions (exclusive, inclusive). */
export type Span = { after: bigint; upTo: bigint }

/** The kind and namespace of an object. */
export type Home = Pick<ObjectRef, 'resourceId' | 'namespace'>

type TouchedQuery = { isWanted(home: Home): boolean; signal: AbortSignal }

/** How often objects of each kind were written to between two positions, as far as an index knows. */
export async function timesTouched(
  { log, index }: Required<Searched>,
  { after, upTo }: Span,
  { isWanted, signal }: TouchedQuery,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  const count = (id: string) => found.set(id, (found.get(id) ?? 0) + 1)
  const isAbout = ofScopes(isWanted)
  for await (const page of index.pages(after)) {
    signal.throwIfAborted()
    for (let place = 0; place < page.count; place++) {
      if (page.positionAt(place) > upTo) return found
      const scope = isAbout(page.scopeAt(place))
      if (scope) count(scope.resourceId)
    }
  }
  const { upTo: reached = -1n } = index
  for await (const event of log.readAll({ after: reached > after ? reached : after })) {
    signal.throwIfAborted()
    if (event.position > upTo) break
    const ref = isSystemEvent(event) ? undefined : refOf(event.stream)
    if (ref && isWanted(ref)) count(ref.resourceId)
  }
  return found
}

/** An object that was written to, with the last event of each author. */
export type Touched = ObjectRef & { authors: readonly Author[] }

/**
 * The objects that were written to between two positions, in the order of their first change. Throws once the signal
 * aborts.
 */
export async function touchedBetween(
  { log, index }: Searched,
  { after, upTo }: Span,
  { isWanted, signal }: TouchedQuery,
): Promise<readonly Touched[]> {
  const found = new Map<string, { ref: ObjectRef; authors: Authors }>()
  const events = index
    ? eventsAbout({ log, index }, isWanted, { after, signal })
    : log.readAll({ after })
  for await (const event of events) {
    signal.throwIfAborted()
    if (event.position > upTo) break
    const ref = isSystemEvent(event) ? undefined : refOf(event.stream)
    if (ref === undefined || !isWanted(ref)) continue
    const { authors } = found.get(event.stream) ?? { authors: new Authors() }
    authors.add(event)
    found.set(event.stream, { ref, authors })
  }
  return Array.from(found.values(), ({ ref, authors }) => ({ ...ref, authors: authors.all }))
}

/** The authors of changes to one object between two positions, from its stream. */
export async function authorsBetween(
  log: EventLog,
  stream: string,
  { after, upTo }: Span,
): Promise<readonly Author[]> {
  const from = await revisionAt(log, stream, { position: upTo })
  if (from === undefined) return []
  const events: RecordedEvent[] = []
  for await (const event of log.readStream(stream, { direction: 'backwards', from })) {
    if (event.position <= after) break
    if (!isSystemEvent(event)) events.push(event)
  }
  const authors = new Authors()
  for (const event of events.reverse()) authors.add(event)
  return authors.all
}

/** The authors, in the order of their last events. */
class Authors {
  #all: readonly Author[] = []

  get all(): readonly Author[] {
    return this.#all
  }

  add(event: RecordedEvent): void {
    const author = authorOf(event)
    const isOther = ({ user, client }: Author) => user !== author.user || client !== author.client
    this.#all = [...this.#all.filter(isOther), author]
  }
}
