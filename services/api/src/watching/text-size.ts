import { encodedOf, type RecordedEvent } from '@reckon/eventing'

/** Roughly the size of an event's text; a compressed one counts as it is in memory. */
export function textSizeOf(event: RecordedEvent): number {
  const { form, data } = encodedOf(event)
  return form === 'Bytes' ? sizeOf(event.data) : data.length
}

/** The length of all keys and strings, and a little for everything else. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3
  if (typeof value !== 'object' || value === null) return 5
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item)
  else for (const [name, item] of Object.entries(value)) size += name.length + 3 + sizeOf(item)
  return size
}
