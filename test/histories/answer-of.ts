import type { KubernetesObject, Status } from '@reckon/kubernetes'
import type { Answer, Asked, Refusal, WatchLine } from './operation.ts'
import { seenOf } from './seen-object.ts'

const initialEventsEnd = 'k8s.io/initial-events-end'

type ListBody = {
  metadata: { resourceVersion: string; continue?: string }
  items: KubernetesObject[]
}

/** What an answer of the API says, in the words of a history. Not for what a watch tells. */
export function answerOf(asked: Asked, code: number, body: string): Answer {
  if (code === 504) return { type: 'Unknown' }
  if (code >= 400) return refusalOf(code, body)
  const content = JSON.parse(body)
  if (asked.verb === 'list') return listed(asked.scope.resource, content)
  if (asked.verb === 'watch') throw new Error('a watch is answered line by line')
  const { kind, details } = content as Partial<Status>
  if (kind === 'Status') return { type: 'Gone', uid: details?.uid ?? '' }
  return { type: 'Done', seen: seenOf(asked.ref.resource, content) }
}

function listed(resource: string, { metadata, items }: ListBody): Answer {
  return {
    type: 'Listed',
    version: BigInt(metadata.resourceVersion),
    items: items.map((item) => seenOf(resource, item)),
    goesOn: metadata.continue !== undefined && metadata.continue !== '',
  }
}

/** What one line of a watch says: an event, or the refusal that ends it. */
export function lineOf(resource: string, line: string): WatchLine | Refusal {
  const { type, object } = JSON.parse(line)
  if (type === 'ERROR') return refusalOf(object.code, JSON.stringify(object))
  if (type !== 'BOOKMARK') return { type, seen: seenOf(resource, object) }
  const { resourceVersion, annotations } = (object as KubernetesObject).metadata
  return {
    type,
    version: BigInt(resourceVersion ?? ''),
    isInitialEnd: annotations?.[initialEventsEnd] === 'true',
  }
}

/** What a refusal says: its status code, and the Status in its body. */
export function refusalOf(code: number, body: string): Refusal {
  const { reason = 'Unknown', details } = statusIn(body)
  const { kind, group, name } = details ?? {}
  return {
    type: 'Refused',
    code,
    reason,
    ...(kind && name && { about: { resource: group ? `${kind}.${group}` : kind, name } }),
  }
}

function statusIn(body: string): Partial<Status> {
  try {
    return JSON.parse(body)
  } catch {
    return { reason: body.slice(0, 80) as never }
  }
}
