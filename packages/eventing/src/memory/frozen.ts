/** A deep, frozen copy by way of JSON, as a value comes back from a real store. */
export function frozen<T extends { data: unknown; metadata: unknown }>(event: T): T {
  return { ...event, data: copy(event.data ?? null), metadata: copy(event.metadata) }
}

const copy = (value: unknown): unknown =>
  value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value), (_key, part) => Object.freeze(part))
