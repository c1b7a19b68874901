import type { RoutedEndpoint } from '../services/routed-port.ts'
import type { FoundRoute } from './find-route.ts'
import type { OtherRule } from './other-rules.ts'

/** Where a request is routed as of a position of the log, and the events that caused it. */
export type RouteAnswer = {
  position: string
  host: string
  path: string
  outcome: FoundRoute['outcome']
  /** The rule that is used, and the last change of its Ingress. */
  rule?: { host: string; match: string; path: string; answer?: string } & Made<'ingress'>
  backends: readonly BackendAnswer[]
  /** The other matching rules. */
  others: readonly OtherRule[]
}

export type BackendAnswer = {
  percent: number
  port: number | string
  endpoints: readonly RoutedEndpoint[]
  /** The target of an ExternalName. */
  externalName?: string
  /** The last changes of its endpoints. */
  slices: readonly MadeBy[]
} & Made<'service'>

/** An object, and its last change; absent where the object does not exist. */
type Made<Name extends string> = Record<Name, string> & { event?: MadeBy }

export type MadeBy = {
  stream: string
  position: string
  type: string
  time: string
  user: string
  correlationId: string
}

/** Formats an answer: a line for each step, and below it the event behind it. */
export function formatRoute(answer: RouteAnswer): string {
  const { host, path, position, outcome, rule, backends, others } = answer
  const lines = [`${host}${path} as of position ${position}`]
  if (outcome === 'NoSuchHost') lines.push('  404: no Ingress names this host, and none is for all')
  if (outcome === 'NoSuchPath') lines.push('  404: no rule of this host is for this path')
  if (rule) {
    lines.push(`Ingress ${rule.ingress}: ${rule.match} ${rule.path} of ${rule.host}`)
    lines.push(...eventLines(rule.event))
    if (rule.answer) lines.push(`  answered by the edge: ${rule.answer}`)
  }
  for (const backend of backends) lines.push(...backendLines(backend, backends.length > 1))
  for (const { ingress, match, path: rivaling, host: named, why } of others) {
    lines.push(`not Ingress ${ingress}: ${match} ${rivaling} of ${named}, ${whyNot[why]}`)
  }
  return lines.join('\n')
}

const whyNot: Record<OtherRule['why'], string> = {
  HostIsWider: 'whose host is wider',
  PrefixAfterExact: 'as an exact path comes first',
  PathIsShorter: 'as a longer path comes first',
  IngressIsYounger: 'as the older Ingress has this path',
}

function backendLines(backend: BackendAnswer, isShared: boolean): string[] {
  const { service, port, percent, event, endpoints, externalName, slices } = backend
  const share = isShared ? `, ${percent} %` : ''
  const lines = [`Service ${service}, port ${port}${share}`]
  if (event === undefined) lines.push('  there is no such Service: 503')
  lines.push(...eventLines(event))
  if (externalName !== undefined) return [...lines, `  → ${externalName}`]
  if (endpoints.length === 0) lines.push('  no endpoint: 503')
  for (const { address, port: number, node } of endpoints) {
    lines.push(`  → ${address}:${number}${node ? ` on ${node}` : ''}`)
  }
  return [...lines, ...slices.flatMap(eventLines)]
}

const eventLines = (event: MadeBy | undefined): string[] =>
  event === undefined
    ? []
    : [`  ${event.type} at ${event.position}, ${event.time}, by ${event.user} (${event.stream})`]
