import { refOf } from '@reckon/domain'
import { apiVersionOf, isJsonObject, parseApiVersion, resources } from '@reckon/kubernetes'
import type { LoggedEvent } from './format-event.ts'

/** What Kubernetes' audit log says of one write (`audit.k8s.io/v1`). */
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
 * An event of the log as an audit log tells it; undefined of one that is about no object. All writes of one request
 * share its id, and what followed from them has it, too: `reckon.dev/event` and `reckon.dev/cause` tell which event is
 * meant and which it answers.
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

/** The version in which the object is stored, as far as that is known here. */
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

/** As `metav1.MicroTime` has it. */
const microseconds = (time: string): string => time.replace(/\.(\d{3})Z$/, '.$1000Z')
