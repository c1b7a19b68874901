import { fieldsOf } from '../parse.ts'
import type { Metadata } from './event.ts'

/**
 * An event's metadata: ours was checked before it was recorded. Throws SyntaxError where it is not an object, as in
 * events that others wrote into the store.
 */
export const parseMetadata = (value: unknown): Metadata =>
  fieldsOf(value, 'its metadata') as Metadata
