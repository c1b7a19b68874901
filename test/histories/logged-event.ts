import { evolveObject, refOf, type StoredObject } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { findResourceNamed, resourceNamed } from '@reckon/kubernetes'
import type { Ref } from './operation.ts'
import { requestOf } from './recorder.ts'
import { seenOf } from './seen-object.ts'

/** An object as one event left it. */
export type State = {
  uid: string
  version: bigint
  token: string | undefined
  labels: Readonly<Record<string, string>>
  isTerminating: boolean
  /** Of what is sealed and cannot be opened, only existence, uid and version are known. */
  isClosed?: boolean
}

/** An event of the log, as far as it matters to who asked. */
export type LoggedEvent = {
  position: bigint
  type: string
  /** Absent where the event is about no object. */
  ref?: Ref
  /** What it left; absent once the object is deleted. */
  state?: State
  /** The operation that asked for it; absent where none that was recorded did. */
  request?: string
  correlationId?: string
}

/** The whole log, in its order, folded object by object. What is sealed in it is known to exist and no more. */
export function loggedEvents(events: Iterable<RecordedEvent>): LoggedEvent[] {
  const stored = new Map<string, StoredObject>()
  return Array.from(events, (event) => {
    const { position, type, stream, metadata } = event
    const ref = objectOf(stream)
    // A reservation or a key that goes with an object is not what was asked for.
    const request = ref && requestOf(metadata?.actor.client)
    const about = {
      position,
      type,
      ...(request !== undefined && { request }),
      ...(metadata && { correlationId: metadata.$correlationId }),
    }
    if (ref === undefined || type.startsWith('$')) return about
    const after = evolveObject(resourceNamed(ref.resource), stored.get(stream), event)
    if (after === undefined) stored.delete(stream)
    else stored.set(stream, after)
    return { ...about, ref, ...(after && { state: stateOf(ref, after) }) }
  })
}

function objectOf(stream: string): Ref | undefined {
  const ref = refOf(stream)
  if (ref === undefined || findResourceNamed(ref.resourceId) === undefined) return undefined
  return { resource: ref.resourceId, namespace: ref.namespace, name: ref.name }
}

function stateOf({ resource }: Ref, { object, sealed }: StoredObject): State {
  const { uid, version, token, isTerminating = false } = seenOf(resource, object)
  const labels = object.metadata.labels ?? {}
  return {
    uid,
    version,
    token,
    isTerminating,
    labels,
    ...(sealed === 'Closed' && { isClosed: true }),
  }
}
