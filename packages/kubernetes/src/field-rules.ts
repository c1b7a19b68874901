import { duplicate, type FieldError, invalidValue, notSupported } from './field-error.ts'
import { isDeepEqual } from './json/deep-equal.ts'

/** An error if the value has changed. */
export function immutable(field: string, after: unknown, before: unknown): FieldError[] {
  return isDeepEqual(after, before) ? [] : [invalidValue(field, after, 'field is immutable')]
}

/** An error if a number is given and is negative. */
export function nonNegative(field: string, value: number | undefined): FieldError[] {
  if (value === undefined || value >= 0) return []
  return [invalidValue(field, value, 'must be greater than or equal to 0')]
}

/** An error if a number is given that is not from `least` to 2³¹−1. */
export function int32From(least: number, field: string, value: number | undefined): FieldError[] {
  const most = 2 ** 31 - 1
  if (value === undefined || (value >= least && value <= most)) return []
  return [invalidValue(field, value, `must be between ${least} and ${most}, inclusive`)]
}

/** An error if a value is given that is not among these. */
export function oneOf(field: string, value: unknown, supported: readonly string[]): FieldError[] {
  if (value === undefined || value === '') return []
  if (typeof value === 'string' && supported.includes(value)) return []
  return [notSupported(field, value, supported)]
}

/** An error for each repeated name; empty names are ignored. */
export function duplicates(
  names: readonly (string | undefined)[],
  field: (index: number) => string,
) {
  const seen = new Set<string>()
  return names.flatMap((name, index) => {
    if (!name) return []
    if (seen.has(name)) return [duplicate(field(index), name)]
    seen.add(name)
    return []
  })
}
