import type { Actor, Cause, Metadata } from '@reckon/eventing'

/** Where a write comes from: who, doing what, answering which event. */
export type Origin = {
  actor: Actor
  verb: string
  /** The event that this write answers; absent for a request from outside. */
  cause?: Cause
  /** The correlation of a request from outside; what answers an event shares that event's. */
  correlationId?: string
  fieldManager?: string
  /** An apply: it decides itself who manages which fields. */
  statesManagers?: true
}

/**
 * The metadata of an event of this origin. An origin with neither cause nor correlation begins one: its event's own id.
 */
export const metadataOf = (origin: Origin, eventId: string, nowMs: number): Metadata => ({
  actor: origin.actor,
  verb: origin.verb,
  time: new Date(nowMs).toISOString(),
  $correlationId: origin.cause?.correlationId ?? origin.correlationId ?? eventId,
  ...(origin.cause && { $causationId: origin.cause.id }),
  ...(origin.fieldManager && { fieldManager: origin.fieldManager }),
  ...(origin.statesManagers && { statesManagers: true }),
})
