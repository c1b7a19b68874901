import type { Actor, Cause, Metadata } from '@reckon/eventing'

/** The origin of a write: who, doing what, in reaction to which event. */
export type Origin = {
  actor: Actor
  verb: string
  /** The event that caused this write; absent for a request from outside. */
  cause?: Cause
  /** The correlation id of a request from outside; reactions to an event share that of the event. */
  correlationId?: string
  fieldManager?: string
  /** Server-side apply: the write itself determines who manages which fields. */
  statesManagers?: true
}

/** The metadata of an event with this origin. Without a cause or correlation, the event's own id begins a new one. */
export const metadataOf = (origin: Origin, eventId: string, nowMs: number): Metadata => ({
  actor: origin.actor,
  verb: origin.verb,
  time: new Date(nowMs).toISOString(),
  $correlationId: origin.cause?.correlationId ?? origin.correlationId ?? eventId,
  ...(origin.cause && { $causationId: origin.cause.id }),
  ...(origin.fieldManager && { fieldManager: origin.fieldManager }),
  ...(origin.statesManagers && { statesManagers: true }),
})
