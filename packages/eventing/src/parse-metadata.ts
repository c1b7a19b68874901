import type { Metadata } from './event.ts'
import { type Fields, fieldsOf, textAt } from './parse.ts'

/** An event's metadata; absent from the store's own events. Throws SyntaxError where it is none. */
export function parseMetadata(value: unknown): Metadata | undefined {
  if (value === undefined) return undefined
  const metadata: Fields = fieldsOf(value, 'its metadata')
  for (const name of ['verb', 'time', '$correlationId']) {
    if (typeof metadata[name] !== 'string') throw new SyntaxError(`its ${name} is no text`)
  }
  textAt(fieldsOf(metadata.actor, 'its actor'), 'user')
  return metadata as Metadata
}
