import type { FieldError } from '../field-error.ts'

/** What was found on the way through a value: paths of unknown fields, and fields whose values cannot be kept. */
export type Findings = { unknown: string[]; inexact: FieldError[] }
