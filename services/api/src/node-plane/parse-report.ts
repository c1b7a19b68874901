import type { Cause } from '@reckon/eventing'
import {
  decodeValue,
  isJsonObject,
  type Node,
  type Pod,
  type PodStatus,
  resourceNamed,
  StatusError,
  validateStatus,
  withDefaults,
} from '@reckon/kubernetes'
import type { NodeReport, Report } from '@reckon/node-plane'

const v1 = { group: '', version: 'v1' }

/**
 * What a node reports. A node is not trusted: what does not fit the schema of a Node or a Pod is left out, a status that
 * breaks its rules refused.
 */
export function parseReport(data: Uint8Array): Report {
  const report = parsed(data)
  if (!isJsonObject(report)) throw refused('it is no JSON object')
  const { type } = report
  if (type === 'Node') return nodeReportIn(report)
  const pod = {
    namespace: text(report, 'namespace'),
    name: text(report, 'name'),
    uid: text(report, 'uid'),
    cause: causeIn(report.cause),
  }
  if (type === 'PodGone') return { type, ...pod }
  if (type !== 'PodStatus') throw refused(`its type is ${JSON.stringify(type)}`)
  const [boot, number] = [count(report, 'boot'), count(report, 'number')]
  return { type, ...pod, boot, number, status: statusIn(pod.name, report.status) }
}

function nodeReportIn(report: Readonly<Record<string, unknown>>): NodeReport {
  const resource = resourceNamed('nodes')
  const { object } = decodeValue(resource, v1, { value: report.node, fieldValidation: 'Ignore' })
  // Defaults make it a whole Node: with a spec.
  const node = withDefaults(resource, object) as Node
  validateStatus(resource, node)
  const boot = report.boot === undefined ? {} : { boot: count(report, 'boot') }
  const [bootId, number] = [text(report, 'bootId'), count(report, 'number')]
  return { type: 'Node', node, bootId, ...boot, number }
}

function statusIn(name: string, status: unknown): PodStatus {
  if (!isJsonObject(status)) throw refused('it has no status')
  const value = { metadata: { name }, status }
  const resource = resourceNamed('pods')
  const { object } = decodeValue(resource, v1, { value, fieldValidation: 'Ignore' })
  validateStatus(resource, object)
  return (object as Pod).status ?? {}
}

function causeIn(cause: unknown): Cause {
  if (!isJsonObject(cause)) throw refused('it has no cause')
  return { id: text(cause, 'id'), correlationId: text(cause, 'correlationId') }
}

function text(of: Readonly<Record<string, unknown>>, field: string): string {
  const value = of[field]
  if (typeof value === 'string' && value !== '' && value.length < 512) return value
  throw refused(`its ${field} is no text`)
}

function count(of: Readonly<Record<string, unknown>>, field: string): number {
  const value = of[field]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw refused(`its ${field} is no count`)
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data))
  } catch (error) {
    throw refused((error as Error).message)
  }
}

const refused = (why: string): StatusError =>
  new StatusError('BadRequest', `the report makes no sense: ${why}`)
