import type { FieldError } from '../field-error.ts'
import { nonNegative } from '../field-rules.ts'

/** What is wrong with the numbers that a workload's status tells: none is below zero. */
export const countErrors = ({ status }: { status?: object }): FieldError[] =>
  Object.entries(status ?? {}).flatMap(([name, value]) =>
    typeof value === 'number' ? nonNegative(`status.${name}`, value) : [],
  )
