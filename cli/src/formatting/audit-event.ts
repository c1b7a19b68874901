import { refOf } from '@reckon/domain'
import { apiVersionOf, isJsonObject, parseApiVersion, resources } from '@reckon/kubernetes'
import type { LoggedEvent } from './format-event.ts'

/** An entry of a Kubernetes audit log about one write (`audit.k8s.io/v1`). */
export type AuditEvent = {
  kind: 'Event'
  apiVersion: 'audit.k8s.io/v1'
  level: 'Metadata'
  auditID: string
  stage: 'ResponseComplete'
  requestURI: string
  verb: string
  user: { username: string; groups?: readonly string[] }
  impersonatedUser?: { username: string; groups?: readonly string[] }
  userAgent?: string
  objectRef: {
    resource: string
    namespace?: string
    name: string
    apiGroup?: string
    apiVersion?: string
    resourceVersion: string
  }
  responseStatus: { metadata: Record<string, never>; code: number }
  requestReceivedTimestamp: string
  stageTimestamp: string
  annotations: Readonly<Record<string, string>>
}

/**
 * An event of the log in the form of an audit event; undefined if it is not about an object. All writes of one request
 * share its audit id, including what followed from them; the annotations `reckon.dev/event` and `reckon.dev/cause`
 * identify the event and its cause.
 */
export function auditEventOf(event: LoggedEvent): AuditEvent | undefined {
  const ref = refOf(event.stream)
  const { metadata } = event
  if (ref === undefined || !metadata) return undefined
  const { actor, verb, time, $correlationId, $causationId } = metadata
  const [resource = '', ...group] = ref.resourceId.split('.')
  const apiGroup = group.join('.')
  const version = versionOf(event, ref.resourceId)
  const user = { username: actor.user, ...(actor.groups && { groups: actor.groups }) }
  const objectRef = {
    resource,
    ...(ref.namespace && { namespace: ref.namespace }),
    name: ref.name,
    ...(apiGroup && { apiGroup }),
    ...(version && { apiVersion: version }),
    resourceVersion: event.position,
  }
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: $correlationId,
    stage: 'ResponseComplete',
    requestURI: pathOf(objectRef),
    verb,
    ...(actor.impersonator
      ? { user: { username: actor.impersonator }, impersonatedUser: user }
      : { user }),
    ...(actor.client && { userAgent: actor.client }),
    objectRef,
    responseStatus: { metadata: {}, code: event.type.endsWith('Created') ? 201 : 200 },
    requestReceivedTimestamp: microseconds(time),
    stageTimestamp: microseconds(time),
    annotations: {
      'reckon.dev/event': `${event.type} ${event.id}`,
      ...($causationId && { 'reckon.dev/cause': $causationId }),
    },
  }
}

/** The version in which the object is stored, if it is known here. */
function versionOf({ data }: LoggedEvent, resourceId: string): string | undefined {
  const object = isJsonObject(data) && isJsonObject(data.object) ? data.object : {}
  if (typeof object.apiVersion === 'string') return parseApiVersion(object.apiVersion).version
  const idOf = ({ plural, group }: { plural: string; group: string }) =>
    group === '' ? plural : `${plural}.${group}`
  return resources.find((each) => idOf(each) === resourceId)?.version
}

function pathOf({ resource, namespace, name, apiGroup, apiVersion }: AuditEvent['objectRef']) {
  const version = apiVersionOf({ group: apiGroup ?? '', version: apiVersion ?? '' })
  const root = apiGroup ? `/apis/${version}` : `/api/${version}`
  return `${root}${namespace ? `/namespaces/${namespace}` : ''}/${resource}/${name}`
}

/** The form of `metav1.MicroTime`. */
const microseconds = (time: string): string => time.replace(/\.(\d{3})Z$/, '.$1000Z')
