import { type Fold, isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import {
  type FieldChange,
  fieldChanges,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import { effectOf } from '../kinds/kind-events.ts'
import { rulesOf } from '../kinds/rules-of.ts'
import type { StoredObject } from '../stored-object.ts'
import { isWithin } from './noise.ts'

/** The author of a change: user, client and time. */
export type Author = {
  position: string
  time: string
  user: string
  verb: string
  client?: string
  manager?: string
  impersonator?: string
}

/** One event of an object's stream, with the fields that it changed. */
export type HistoricChange = {
  author: Author
  type: string
  effect: 'Created' | 'Changed' | 'Deleted'
  uid: string
  correlation: string
  causation?: string
  /** The changed fields; empty for a creation and a deletion. */
  fields: readonly FieldChange[]
  /** The object after the event; its last state for a deletion. */
  object: KubernetesObject
}

export function authorOf({ position, metadata }: RecordedEvent): Author {
  const { actor, verb, time, fieldManager } = metadata ?? {}
  return {
    position: String(position),
    time: time ?? '',
    user: actor?.user ?? '',
    verb: verb ?? '',
    ...(actor?.client && { client: actor.client }),
    ...(fieldManager && { manager: fieldManager }),
    ...(actor?.impersonator && { impersonator: actor.impersonator }),
  }
}

/** The changes of an object from its events, across deletions and creations. Pure. */
export function* historyOf(
  resource: Resource,
  events: Iterable<RecordedEvent>,
  fold: Fold<StoredObject | undefined>,
): Generator<HistoricChange> {
  let state = fold.initial
  for (const event of events) {
    if (isSystemEvent(event)) continue
    const before = state
    state = fold.evolve(state, event)
    const object = state?.object ?? before?.object
    const effect = effectOf(resource, event.type)
    if (object === undefined || effect === undefined) continue
    const { $correlationId: correlation = event.id, $causationId: causation } = event.metadata ?? {}
    yield {
      author: authorOf(event),
      ...{ type: event.type, effect, object, uid: object.metadata.uid ?? '', correlation },
      ...(causation && { causation }),
      fields: effect === 'Changed' ? fieldChanges(resource, before?.object, object, 'Empty') : [],
    }
  }
}

const secretFields = ['data', 'stringData', 'metadata.annotations']

/** Whether a field's value is confidential. */
export const isSecretField = (resource: Resource, field: string): boolean =>
  rulesOf(resource).isSealed === true &&
  (field === '' || secretFields.some((outer) => isWithin(field, outer)))

/** A change without confidential values. */
export function hiddenIn(resource: Resource, { field, from, to }: FieldChange): FieldChange {
  const isSecret = isSecretField(resource, field)
  const shown = (value: unknown) => (isSecret && value !== undefined ? '(secret)' : value)
  return { field, from: shown(from), to: shown(to) }
}
