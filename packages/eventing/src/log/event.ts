/**
 * Who caused an event, as authenticated. `client` is the User-Agent; `impersonator` is the user who acted as this one.
 */
export type Actor = {
  user: string
  groups?: readonly string[]
  client?: string
  impersonator?: string
}

/** `time` is RFC 3339 with milliseconds, from the writer's clock. */
export type Metadata = {
  actor: Actor
  verb: string
  time: string
  /** The same for everything that follows from one request. */
  $correlationId: string
  /** The id of the event that caused this one; absent where the cause is a request. */
  $causationId?: string
  fieldManager?: string
  /** Whether the event itself states who manages which fields, possibly by stating none. Older applies lack it. */
  statesManagers?: true
}

/** An event that is not recorded yet. The writer chooses the id, so that a repeated append is recorded once. */
export type NewEvent<Type extends string = string, Data = unknown> = {
  id: string
  type: Type
  data: Data
  metadata: Metadata
}

/**
 * A recorded event. `revision` counts from 0 within the stream; `position` strictly increases over all streams, with
 * gaps, possibly above 2^53. The store's own events (`$…`) have no data and metadata. Both may be parsed lazily, so
 * never copy an event by spreading it.
 */
export type RecordedEvent = {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
  readonly data: unknown
  readonly metadata: Metadata | undefined
}

/** The same event with other content. */
export function withContent(
  { id, stream, revision, position, metadata }: RecordedEvent,
  { type, data }: Pick<RecordedEvent, 'type' | 'data'>,
): RecordedEvent {
  return { id, type, stream, revision, position, data, metadata }
}

/** An event as a cause: what follows from it refers to its id and shares its correlation. */
export type Cause = { id: string; correlationId: string }

/** Whether the store itself wrote the event (stream metadata, tombstones): it has a position and no meaning for us. */
export const isSystemEvent = (event: { type: string }): boolean => event.type.startsWith('$')

/** The category of a stream, `pods` of `pods-default/web-1`: what stands before the first `-`. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}
