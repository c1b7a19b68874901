import type { RecordedEvent } from '@reckon/eventing'
import { type Event, events, secondsOf } from '@reckon/kubernetes'
import { noteIn } from '../note.ts'
import type { StoredObject } from '../stored-object.ts'
import type { Fact } from '../telling/fact.ts'
import { factsOf } from '../telling/facts-of.ts'
import type { ObjectChange, Objects } from './objects.ts'

const keptMs = 3_600_000
const keptMax = 10_000
const ofOneObjectMax = 50

/** What is told once, with how often and when. */
type Telling = Fact & Pick<Event, 'count' | 'firstTimestamp' | 'lastTimestamp'>
type Told = StoredObject<Event>

/**
 * The Events that nobody wrote: what the log tells, and the notes in it, for one hour, at most fifty of one object and ten
 * thousand in all. What repeats is told once, with its count.
 */
export class ToldEvents {
  /** By what is said, the one that was said last comes last. */
  readonly #told = new Map<string, Told>()
  readonly #ofObject = new Map<string, Set<string>>()
  readonly #listeners = new Set<(change: ObjectChange) => void>()

  constructor(view: {
    subscribe: Objects['subscribe']
    notes: Pick<Objects['notes'], 'subscribe'>
  }) {
    view.subscribe((change) => this.#tellFacts(change))
    view.notes.subscribe((event) => this.#tellNote(event))
  }

  subscribe(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  all(): Iterable<Told> {
    return this.#told.values()
  }

  #tellFacts(change: ObjectChange): void {
    for (const [index, fact] of factsOf(change).entries()) {
      const now = secondsOf(Date.parse(change.event.metadata?.time ?? ''))
      const before = this.#told.get(keyOf(fact))?.object
      const { firstTimestamp = now, count = 0 } = before ?? {}
      const telling = { ...fact, firstTimestamp, lastTimestamp: now, count: count + 1 }
      this.#tell(telling, change.event, index)
    }
  }

  #tellNote(event: RecordedEvent): void {
    this.#tell(noteIn(event), event, 0)
  }

  #tell(telling: Telling, event: RecordedEvent, index: number): void {
    const key = keyOf(telling)
    const before = this.#told.get(key)
    const stored = storedOf(telling, { event, index, before })
    this.#told.delete(key)
    this.#told.set(key, stored)
    const { uid } = telling.involvedObject
    const siblings = this.#ofObject.get(uid) ?? new Set()
    siblings.delete(key)
    this.#ofObject.set(uid, siblings.add(key))
    this.#forget(siblings, Date.parse(telling.lastTimestamp ?? ''))
    const type = before ? 'MODIFIED' : 'ADDED'
    const change = { type, resource: events, stored, event, ...(before && { before }) } as const
    for (const listener of this.#listeners) listener(change)
  }

  #forget(siblings: ReadonlySet<string>, nowMs: number): void {
    const [oldestOfObject] = siblings
    if (siblings.size > ofOneObjectMax && oldestOfObject) this.#drop(oldestOfObject)
    for (const [key, { object }] of this.#told) {
      const isYoung = Date.parse(object.lastTimestamp ?? '') > nowMs - keptMs
      if (isYoung && this.#told.size <= keptMax) return
      this.#drop(key)
    }
  }

  #drop(key: string): void {
    const uid = this.#told.get(key)?.object.involvedObject.uid ?? ''
    this.#told.delete(key)
    const siblings = this.#ofObject.get(uid)
    siblings?.delete(key)
    if (siblings?.size === 0) this.#ofObject.delete(uid)
  }
}

const keyOf = ({ involvedObject, type, reason, message, source }: Fact): string =>
  JSON.stringify([involvedObject.uid, involvedObject.fieldPath, type, reason, message, source])

/** Names are in the order in which things were told. */
function storedOf(
  telling: Telling,
  { event, index, before }: { event: RecordedEvent; index: number; before: Told | undefined },
): Told {
  const { involvedObject, source } = telling
  const { id, position } = event
  const order = `${position.toString(16).padStart(14, '0')}${index.toString(16).padStart(2, '0')}`
  const named = before?.object.metadata ?? {
    name: `${involvedObject.name}.${order}`,
    namespace: involvedObject.namespace ?? 'default',
    uid: `${id.slice(0, -2)}${order.slice(-2)}`,
    creationTimestamp: telling.firstTimestamp ?? '',
  }
  const object: Event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { ...named, resourceVersion: String(position) },
    ...telling,
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  }
  const cause = { id, correlationId: event.metadata?.$correlationId ?? id }
  return { object, revision: 0n, position, changes: 0, last: cause, intent: cause }
}
