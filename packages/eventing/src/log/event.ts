/**
 * Who caused an event, as authenticated. `client` is the client's own name of itself (User-Agent), `impersonator` who
 * asked in this user's name.
 */
export type Actor = {
  user: string
  groups?: readonly string[]
  client?: string
  impersonator?: string
}

/** What is known about an event beside its content. `time` is RFC 3339 with milliseconds, from the writer's clock. */
export type Metadata = {
  actor: Actor
  verb: string
  time: string
  /** One for everything that follows from one request. */
  $correlationId: string
  /** The id of the event that this one answers; absent where a request from outside is the cause. */
  $causationId?: string
  fieldManager?: string
  /** Who manages which fields stands in the event itself, also by its saying nothing of them. Older applies lack it. */
  statesManagers?: true
}

/** An event before it is recorded. The writer chooses the id, so that a repeated append is recorded once. */
export type NewEvent<Type extends string = string, Data = unknown> = {
  id: string
  type: Type
  data: Data
  metadata: Metadata
}

/**
 * A recorded event. `revision` counts from 0 within the stream; `position` is strictly increasing over all streams,
 * sparse, possibly above 2^53. The store's own events (`$…`) come without data and metadata. These two may be parsed
 * only when asked for: an event is never copied by spreading it.
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

/** An event as the cause of others: what follows names it and shares its correlation. */
export type Cause = { id: string; correlationId: string }

/**
 * Whether the store itself wrote the event (stream metadata, tombstones): it has a position and means nothing to us.
 */
export const isSystemEvent = (event: { type: string }): boolean => event.type.startsWith('$')

/** The category of a stream, `pods` of `pods-default/web-1`: what stands before the first `-`. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}
