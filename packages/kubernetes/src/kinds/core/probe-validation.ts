import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { nonNegative, oneOf } from '../../field-rules.ts'
import { portNameProblem, portNumberProblem } from '../../name-syntax.ts'
import type { Probe } from '../../object.ts'

const handlers = ['exec', 'grpc', 'httpGet', 'tcpSocket'] as const

/** What is wrong with a probe; only a readiness probe may need several successes. */
export function validateProbe(
  probe: Probe | undefined,
  field: string,
  successesMax = 1,
): FieldError[] {
  if (!probe) return []
  const given = handlers.filter((handler) => probe[handler] !== undefined)
  const errors: FieldError[] = []
  if (given.length === 0) errors.push(required(field, 'must specify a handler type'))
  for (const handler of given.slice(1)) {
    errors.push(forbiddenField(`${field}.${handler}`, 'may not specify more than 1 handler type'))
  }
  if (probe.exec && !probe.exec.command?.length) errors.push(required(`${field}.exec.command`))
  for (const handler of ['httpGet', 'tcpSocket', 'grpc'] as const) {
    const port = probe[handler]?.port
    if (probe[handler] === undefined) continue
    const problem = typeof port === 'string' ? portNameProblem(port) : portNumberProblem(port)
    if (problem) errors.push(invalidValue(`${field}.${handler}.port`, port ?? 0, problem))
  }
  errors.push(...oneOf(`${field}.httpGet.scheme`, probe.httpGet?.scheme, ['HTTP', 'HTTPS']))
  if ((probe.successThreshold ?? 1) > successesMax) {
    errors.push(invalidValue(`${field}.successThreshold`, probe.successThreshold, 'must be 1'))
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
