import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { dns1035Problem } from '../../name-syntax.ts'
import type { Ingress } from '../../object.ts'
import {
  durationSeconds,
  integer,
  matching,
  type OptionReader,
  oneOf,
  sizeBytes,
  yesOrNo,
} from './option-values.ts'
import { type RedirectTarget, redirectTarget } from './redirect-target.ts'

/** Options of an Ingress beyond its spec, from its annotations `reckon.dev/…` (docs/ingress.md). */
export type IngressOptions = {
  requestTimeoutSeconds?: number | undefined
  idleTimeoutSeconds?: number | undefined
  /** The largest number of retries of a request. */
  retries?: number | undefined
  limits?: BackendLimits | undefined
  /** The share of requests, in percent, that another Service gets by the same port. */
  canary?: { service: string; percent: number } | undefined
  /** Replaces the rule's path when a request is forwarded. */
  rewritePath?: string | undefined
  redirect?: { to: RedirectTarget; status: number } | undefined
  /** Whether plain HTTP requests are redirected to HTTPS. */
  tlsRedirect?: boolean | undefined
  bodyBytesMax?: number | undefined
}

/** Limits on the concurrent load of one backend; above them the answer is 503. */
export type BackendLimits = {
  connections?: number | undefined
  pending?: number | undefined
  requests?: number | undefined
}

const prefix = 'reckon.dev/'
const known = [
  'request-timeout',
  'idle-timeout',
  'retries',
  'max-connections',
  'max-pending-requests',
  'max-requests',
  'max-body-size',
  'canary-service',
  'canary-weight',
  'rewrite-path',
  'redirect-to',
  'redirect-status',
  'tls-redirect',
] as const
type OptionName = (typeof known)[number]

/** Options of which the first requires the second. */
const needs: readonly [OptionName, OptionName][] = [
  ['canary-service', 'canary-weight'],
  ['canary-weight', 'canary-service'],
  ['redirect-status', 'redirect-to'],
]

const daySeconds = 86_400
/** Envoy counts in 32 bits. */
const count = integer(1, 2 ** 32 - 1)
const absolutePath = matching(/^\/[^\s?#\\]*$/, 'must be an absolute path without a query')
const redirectStatus = oneOf([301, 302, 303, 307, 308])
const serviceName: OptionReader<string> = (text) => {
  const problem = dns1035Problem(text)
  return problem ? { problem } : { value: text }
}

/** Reads the options of an Ingress, and what is wrong with them. An invalid one is ignored; the others apply. */
export function ingressOptions({ metadata: { annotations = {} } }: Ingress): {
  options: IngressOptions
  errors: readonly FieldError[]
} {
  const errors: FieldError[] = []
  function read<T>(name: OptionName, reader: OptionReader<T>): T | undefined {
    const text = annotations[prefix + name]
    if (text === undefined) return undefined
    const outcome = reader(text)
    if ('value' in outcome) return outcome.value
    errors.push(invalidValue(fieldOf(name), text, outcome.problem))
    return undefined
  }
  const limits = {
    connections: read('max-connections', count),
    pending: read('max-pending-requests', count),
    requests: read('max-requests', count),
  }
  const service = read('canary-service', serviceName)
  const percent = read('canary-weight', integer(0, 100))
  const to = read('redirect-to', redirectTarget)
  const status = read('redirect-status', redirectStatus) ?? 308
  const options: IngressOptions = {
    requestTimeoutSeconds: read('request-timeout', durationSeconds(daySeconds)),
    idleTimeoutSeconds: read('idle-timeout', durationSeconds(daySeconds)),
    retries: read('retries', integer(0, 10)),
    limits: Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined,
    canary: service !== undefined && percent !== undefined ? { service, percent } : undefined,
    rewritePath: read('rewrite-path', absolutePath),
    redirect: to && { to, status },
    tlsRedirect: read('tls-redirect', yesOrNo),
    bodyBytesMax: read('max-body-size', sizeBytes(2 ** 32 - 1)),
  }
  for (const [name, needed] of needs) {
    if (annotations[prefix + name] === undefined || annotations[prefix + needed] !== undefined)
      continue
    errors.push(required(fieldOf(needed), `${prefix}${name} says nothing without it`))
  }
  return { options, errors }
}

/** Annotations with our prefix that have no meaning, probably misspelt. */
export const unknownOptions = (annotations: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(annotations).filter(
    (name) => name.startsWith(prefix) && !known.some((each) => prefix + each === name),
  )

const fieldOf = (name: OptionName): string => `metadata.annotations[${prefix}${name}]`
