import { type FieldError, invalidValue } from '../../field-error.ts'
import { nonNegative } from '../../field-rules.ts'

/** What is wrong with a number or percentage of pods, if one is given. */
export function amountProblems(field: string, amount: number | string | undefined): FieldError[] {
  if (typeof amount !== 'string') return nonNegative(field, amount)
  if (/^[0-9]+%$/.test(amount)) return []
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
  return [invalidValue(field, amount, detail)]
}
