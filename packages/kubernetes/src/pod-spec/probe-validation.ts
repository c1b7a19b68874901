import { type FieldError, invalidValue } from '../field-error.ts'
import { nonNegative } from '../field-rules.ts'
import type { Probe } from '../object.ts'
import { validateHandler } from './handler-validation.ts'

/** What is wrong with a probe; only a readiness probe may need several successes. */
export function validateProbe(
  probe: Probe | undefined,
  field: string,
  successesMax = 1,
): FieldError[] {
  if (!probe) return []
  const errors = validateHandler(probe, field)
  if ((probe.successThreshold ?? 1) > successesMax) {
    errors.push(invalidValue(`${field}.successThreshold`, probe.successThreshold, 'must be 1'))
  }
  const graceSeconds = probe.terminationGracePeriodSeconds
  if (graceSeconds !== undefined && graceSeconds <= 0) {
    const at = `${field}.terminationGracePeriodSeconds`
    errors.push(invalidValue(at, graceSeconds, 'must be greater than 0'))
  }
  const numbers = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const
  return [...errors, ...numbers.flatMap((part) => nonNegative(`${field}.${part}`, probe[part]))]
}
