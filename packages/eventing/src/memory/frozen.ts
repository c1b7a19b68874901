/** A deep, frozen copy through JSON, as a real store would return it. */
export function frozen<T extends { data: unknown; metadata: unknown }>(event: T): T {
  return { ...event, data: copy(event.data ?? null), metadata: copy(event.metadata) }
}

const copy = (value: unknown): unknown =>
  value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value), (_key, part) => Object.freeze(part))
