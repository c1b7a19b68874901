import type { ProposedEvent } from './decode.ts'

/** What an event counts towards the largest append, as EventStoreDB measures it. */
export function eventBytes({ data, metadata, type }: ProposedEvent): number {
  return data.length + metadata.length + 2 * type.length
}

/** What is wrong with a proposed event, if anything. */
export function findFault({ id, type }: ProposedEvent): string | undefined {
  if (id.length !== 16) return 'an event needs a UUID as its id'
  return type === '' ? 'an event needs a type' : undefined
}
