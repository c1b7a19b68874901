import type { RecordedEvent } from '@reckon/eventing'
import { type Event, events, secondsOf } from '@reckon/kubernetes'
import type { Fact } from '../event-facts/fact.ts'
import { factsOf } from '../event-facts/facts-of.ts'
import { noteIn } from '../note.ts'
import type { StoredObject } from '../stored-object.ts'
import type { ObjectChange, Objects } from './objects.ts'

const keptMs = 3_600_000
const keptMax = 10_000
const ofOneObjectMax = 50

/** A fact with its count and times. */
type CountedFact = Fact & Pick<Event, 'count' | 'firstTimestamp' | 'lastTimestamp'>
type Computed = StoredObject<Event>

/**
 * The Events that follow from the log and the notes in it, for one hour, at most fifty per object and ten thousand in
 * all. Repeated ones are merged and counted.
 */
export class ComputedEvents {
  /** In order of the last occurrence. */
  readonly #events = new Map<string, Computed>()
  readonly #ofObject = new Map<string, Set<string>>()
  readonly #listeners = new Set<(change: ObjectChange) => void>()

  constructor(view: {
    subscribe: Objects['subscribe']
    notes: Pick<Objects['notes'], 'subscribe'>
  }) {
    view.subscribe((change) => this.#addFacts(change))
    view.notes.subscribe((event) => this.#addNote(event))
  }

  subscribe(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  all(): Iterable<Computed> {
    return this.#events.values()
  }

  #addFacts(change: ObjectChange): void {
    for (const [index, fact] of factsOf(change).entries()) {
      const now = secondsOf(Date.parse(change.event.metadata?.time ?? ''))
      const key = keyOf(fact)
      const { firstTimestamp = now, count = 0 } = this.#events.get(key)?.object ?? {}
      const counted = { ...fact, firstTimestamp, lastTimestamp: now, count: count + 1 }
      this.#add(key, counted, { event: change.event, index })
    }
  }

  #addNote(event: RecordedEvent): void {
    const note = noteIn(event)
    this.#add(keyOf(note), note, { event, index: 0 })
  }

  #add(
    key: string,
    counted: CountedFact,
    { event, index }: { event: RecordedEvent; index: number },
  ): void {
    const before = this.#events.get(key)
    const stored = storedOf(counted, { event, index, before })
    this.#events.delete(key)
    this.#events.set(key, stored)
    const { uid } = counted.involvedObject
    const siblings = this.#ofObject.get(uid) ?? new Set()
    siblings.delete(key)
    this.#ofObject.set(uid, siblings.add(key))
    const type = before ? 'MODIFIED' : 'ADDED'
    this.#tell({ type, resource: events, stored, event, ...(before && { before }) })
    this.#forget(siblings, event, Date.parse(counted.lastTimestamp ?? ''))
  }

  #tell(change: ObjectChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  /** Watchers see Events that are too old, or too many, as deleted, by the event that made them so. */
  #forget(siblings: ReadonlySet<string>, event: RecordedEvent, nowMs: number): void {
    const [oldestOfObject] = siblings
    if (siblings.size > ofOneObjectMax && oldestOfObject) this.#drop(oldestOfObject, event)
    for (const [key, { object }] of this.#events) {
      const isYoung = Date.parse(object.lastTimestamp ?? '') > nowMs - keptMs
      if (isYoung && this.#events.size <= keptMax) return
      this.#drop(key, event)
    }
  }

  #drop(key: string, event: RecordedEvent): void {
    const before = this.#events.get(key)
    if (before === undefined) return
    const { uid = '' } = before.object.involvedObject
    this.#events.delete(key)
    const siblings = this.#ofObject.get(uid)
    siblings?.delete(key)
    if (siblings?.size === 0) this.#ofObject.delete(uid)
    this.#tell({ type: 'DELETED', resource: events, stored: before, before, event })
  }
}

const keyOf = ({ involvedObject, type, reason, message, source }: Fact): string =>
  JSON.stringify([involvedObject.uid, involvedObject.fieldPath, type, reason, message, source])

/** Names sort in the order of occurrence. */
function storedOf(
  counted: CountedFact,
  { event, index, before }: { event: RecordedEvent; index: number; before: Computed | undefined },
): Computed {
  const { involvedObject, source } = counted
  const { id, position } = event
  const order = `${position.toString(16).padStart(14, '0')}${index.toString(16).padStart(2, '0')}`
  const named = before?.object.metadata ?? {
    name: `${involvedObject.name}.${order}`,
    namespace: involvedObject.namespace ?? 'default',
    uid: `${id.slice(0, -2)}${order.slice(-2)}`,
    creationTimestamp: counted.firstTimestamp ?? '',
  }
  const object: Event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { ...named, resourceVersion: String(position) },
    ...counted,
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  }
  const cause = { id, correlationId: event.metadata?.$correlationId ?? id }
  return { object, revision: 0n, position, changes: 0, last: cause, intent: cause }
}
