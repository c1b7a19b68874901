import { type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { oneOf } from '../field-rules.ts'
import { portNameProblem, portNumberProblem } from '../name-syntax.ts'
import type { Container, Probe } from '../object.ts'

type Hook = NonNullable<NonNullable<Container['lifecycle']>['postStart']>
type Handler = Pick<Probe, 'exec' | 'grpc' | 'httpGet' | 'tcpSocket'> & Pick<Hook, 'sleep'>

const handlers = ['exec', 'grpc', 'httpGet', 'sleep', 'tcpSocket'] as const
const headerName = /^[-A-Za-z0-9]+$/

/** Validates the action of a probe or hook: exactly one, and complete. */
export function validateHandler(handler: Handler, field: string): FieldError[] {
  const given = handlers.filter((each) => handler[each] !== undefined)
  const { exec, httpGet } = handler
  const errors: FieldError[] = []
  if (given.length === 0) errors.push(required(field, 'must specify a handler type'))
  for (const each of given.slice(1)) {
    errors.push(forbiddenField(`${field}.${each}`, 'may not specify more than 1 handler type'))
  }
  if (exec && !exec.command?.length) errors.push(required(`${field}.exec.command`))
  for (const each of ['httpGet', 'tcpSocket', 'grpc'] as const) {
    const port = handler[each]?.port
    if (handler[each] === undefined) continue
    const problem = typeof port === 'string' ? portNameProblem(port) : portNumberProblem(port)
    if (problem) errors.push(invalidValue(`${field}.${each}.port`, port ?? 0, problem))
  }
  errors.push(...oneOf(`${field}.httpGet.scheme`, httpGet?.scheme, ['HTTP', 'HTTPS']))
  for (const { name = '' } of httpGet?.httpHeaders ?? []) {
    const detail = `a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`
    if (!headerName.test(name)) {
      errors.push(invalidValue(`${field}.httpGet.httpHeaders`, name, detail))
    }
  }
  return errors
}

/** Validates the postStart and preStop hooks. */
export function validateLifecycle(
  { postStart, preStop }: NonNullable<Container['lifecycle']>,
  field: string,
  graceSeconds: number,
): FieldError[] {
  const seconds = preStop?.sleep?.seconds ?? 0
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`
  return [
    ...(postStart ? validateHandler(postStart, `${field}.postStart`) : []),
    ...(preStop ? validateHandler(preStop, `${field}.preStop`) : []),
    ...(seconds < 0 || seconds > graceSeconds
      ? [invalidValue(`${field}.preStop.sleep`, seconds, detail)]
      : []),
  ]
}
