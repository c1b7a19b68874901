import type { Cause } from '@reckon/eventing'
import {
  decodeValue,
  isJsonObject,
  type Pod,
  type PodStatus,
  resourceNamed,
  StatusError,
} from '@reckon/kubernetes'
import type { Report } from '@reckon/node-plane'

const v1 = { group: '', version: 'v1' }

/**
 * What a node reports. A node is not trusted: what does not fit the schema of a Node or a Pod is refused or left out.
 */
export function parseReport(data: Uint8Array): Report {
  const report = parsed(data)
  if (!isJsonObject(report)) throw refused('it is no JSON object')
  const { type } = report
  if (type === 'Node') {
    const value = report.node
    const resource = resourceNamed('nodes')
    return { type, node: decodeValue(resource, v1, { value, fieldValidation: 'Ignore' }).object }
  }
  const pod = {
    namespace: text(report, 'namespace'),
    name: text(report, 'name'),
    uid: text(report, 'uid'),
    cause: causeIn(report.cause),
  }
  if (type === 'PodGone') return { type, ...pod }
  if (type !== 'PodStatus') throw refused(`its type is ${JSON.stringify(type)}`)
  const { number } = report
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw refused('it has no number')
  return { type, ...pod, bootId: text(report, 'bootId'), number, status: statusIn(report.status) }
}

function statusIn(status: unknown): PodStatus {
  if (!isJsonObject(status)) throw refused('it has no status')
  const value = { metadata: {}, status }
  const resource = resourceNamed('pods')
  const { object } = decodeValue(resource, v1, { value, fieldValidation: 'Ignore' })
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

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data))
  } catch (error) {
    throw refused((error as Error).message)
  }
}

const refused = (why: string): StatusError =>
  new StatusError('BadRequest', `the report makes no sense: ${why}`)
