import type { FieldError } from '../field-error.ts'

/** What decoding found: paths of unknown fields, and numbers that cannot be represented exactly. */
export type Findings = { unknown: string[]; inexact: FieldError[] }
