/** Which events of `$all` a reader wants, by type or by stream name. */
export type EventFilter = {
  readonly on: 'EventType' | 'StreamName'
} & ({ readonly prefixes: readonly string[] } | { readonly regex: RegExp })

/** What a filter looks at. */
export interface FilteredEvent {
  readonly type: string
  readonly stream: string
}

/** What EventStoreDB keeps from every reader of `$all`: the traces of its own housekeeping. */
export function isHidden({ type, stream }: FilteredEvent): boolean {
  if (!type.startsWith('$') && !stream.startsWith('$')) return false
  return (
    type === '$epoch-information' ||
    stream === '$epoch-information' ||
    /^\$persistentsubscription-\$all::.*-(checkpoint|parked)$/.test(stream)
  )
}

/** Whether a reader of `$all` with this filter (or none) gets the event. */
export function matches(filter: EventFilter | undefined, event: FilteredEvent): boolean {
  if (isHidden(event)) return false
  if (filter === undefined) return true
  const text = filter.on === 'EventType' ? event.type : event.stream
  if ('regex' in filter) return filter.regex.test(text)
  return filter.prefixes.some((prefix) => text.startsWith(prefix))
}
