import { fieldsOf } from '../parse.ts'
import type { Metadata } from './event.ts'

/**
 * An event's metadata: ours were checked before they were recorded. Throws SyntaxError where it is no object, as what
 * others write into the store may be.
 */
export const parseMetadata = (value: unknown): Metadata =>
  fieldsOf(value, 'its metadata') as Metadata
