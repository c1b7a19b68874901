import type { FieldError } from '../field-error.ts'
import { nonNegative } from '../field-rules.ts'

/** Validates the counts in a workload's status: none is negative. */
export const countErrors = ({ status }: { status?: object }): FieldError[] =>
  Object.entries(status ?? {}).flatMap(([name, value]) =>
    typeof value === 'number' ? nonNegative(`status.${name}`, value) : [],
  )
