import type { Metadata, RecordedEvent } from '@reckon/eventing'

/** An event as the log has it; its id is `e` and its position. */
export function recordedEvent(
  type: string,
  data: unknown,
  { position = 1n, ...rest }: Partial<Omit<RecordedEvent, 'type' | 'data'>> = {},
): RecordedEvent {
  const place = { stream: 's', revision: position - 1n, position }
  return { id: `e${position}`, type, data, ...place, metadata: undefined, ...rest }
}

/** The metadata of what a user did. */
export const byUser = (user: string, rest: Partial<Metadata> = {}): Metadata => ({
  ...{ actor: { user }, verb: 'update', time: '2026-01-01T00:00:00Z', $correlationId: 'c' },
  ...rest,
})
