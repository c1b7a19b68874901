import {
  type Cause,
  type Fields,
  fieldsOf,
  jsonIn,
  listAt,
  type MalformedMessages,
  numberIn,
  optionalTextAt,
  textAt,
} from '@reckon/eventing/bus'
import type { KubernetesObject } from '@reckon/kubernetes'
import type {
  Heartbeat,
  NodeChange,
  NodeReadPage,
  NodeReadRequest,
  NodeSecretReply,
  NodeSecretRequest,
  NodeSettings,
  NodeTokenReply,
  NodeTokenRequest,
  NodeUpsert,
  ReportReply,
} from './node-message.ts'
import type { SealedForNode } from './node-secret.ts'

// Each of these throws SyntaxError where the data is malformed.

export type Parse<T> = (data: Uint8Array) => T

export const parseChanges: Parse<readonly NodeChange[]> = (data) =>
  listAt(fieldsOf(jsonIn(data)), 'changes').map(changeIn)

export const parseHead: Parse<bigint> = (data) => numberIn(fieldsOf(jsonIn(data)).position)

export const parseApplied: Parse<bigint> = parseHead

export const parseLowestApplied: Parse<bigint | undefined> = (data) => {
  const { position } = fieldsOf(jsonIn(data))
  return position === undefined ? undefined : numberIn(position)
}

export const parseHeartbeat: Parse<Heartbeat> = (data) => ({
  bootId: textAt(fieldsOf(jsonIn(data)), 'bootId'),
})

export const parseReadRequest: Parse<NodeReadRequest> = (data) => {
  const { wire } = fieldsOf(jsonIn(data))
  if (wire === 'Shared' || wire === 'Own') return { wire }
  throw new SyntaxError('its wire is none')
}

export const parseReadPage: Parse<NodeReadPage> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  const { page, pages } = fields
  const isCounted = Number.isSafeInteger(page) && Number.isSafeInteger(pages)
  if (!isCounted || Number(page) < 1 || Number(page) > Number(pages)) {
    throw new SyntaxError('it is no page of several')
  }
  return {
    read: textAt(fields, 'read'),
    page: Number(page),
    pages: Number(pages),
    position: String(numberIn(fields.position)),
    cluster: textAt(fields, 'cluster'),
    settings: settingsIn(fields),
    ...secondsIn(fields),
    changes: listAt(fields, 'changes').map(upsertIn),
  }
}

export const parseSecretRequest: Parse<NodeSecretRequest> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  return { namespace: textAt(fields, 'namespace'), name: textAt(fields, 'name') }
}

export const parseSecretReply: Parse<NodeSecretReply> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  if (fields.sealed === undefined) return {}
  return { resourceVersion: textAt(fields, 'resourceVersion'), sealed: sealedIn(fields) }
}

export const parseTokenRequest: Parse<NodeTokenRequest> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  const [namespace, name] = [textAt(fields, 'namespace'), textAt(fields, 'name')]
  if (typeof fields.audience !== 'string') throw new SyntaxError('its audience is no text')
  return { namespace, name, uid: textAt(fields, 'uid'), audience: fields.audience }
}

export const parseTokenReply: Parse<NodeTokenReply> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  if (fields.sealed === undefined) return {}
  const lastsSeconds = Number(fields.lastsSeconds)
  if (!Number.isSafeInteger(lastsSeconds)) throw new SyntaxError('it lasts no whole seconds')
  return { lastsSeconds, sealed: sealedIn(fields) }
}

function sealedIn(fields: Fields): SealedForNode {
  const sealed = fieldsOf(fields.sealed, 'what is sealed')
  const [iv, tag] = [textAt(sealed, 'iv'), textAt(sealed, 'tag')]
  if (typeof sealed.data !== 'string') throw new SyntaxError('its sealed data is no text')
  return { iv, tag, data: sealed.data, ephemeral: textAt(sealed, 'ephemeral') }
}

function settingsIn(fields: Fields): NodeSettings {
  const settings = fieldsOf(fields.settings, 'its settings')
  return {
    clusterCidr: textAt(settings, 'clusterCidr'),
    serviceCidr: textAt(settings, 'serviceCidr'),
    domain: textAt(settings, 'domain'),
    clusterDns: textAt(settings, 'clusterDns'),
  }
}

function secondsIn({ heartbeatSeconds }: Fields): { heartbeatSeconds?: number } {
  if (heartbeatSeconds === undefined) return {}
  const seconds = Number(heartbeatSeconds)
  if (!(Number.isSafeInteger(seconds) && seconds > 0)) {
    throw new SyntaxError('its heartbeat takes no whole seconds')
  }
  return { heartbeatSeconds: seconds }
}

const outcomes = ['Recorded', 'Unchanged', 'Ignored', 'Busy', 'Refused'] as const

export const parseReportReply: Parse<ReportReply> = (data) => {
  const { outcome, message, boot } = fieldsOf(jsonIn(data))
  const known = outcomes.find((each) => each === outcome)
  if (known === undefined) throw new SyntaxError('its outcome is none')
  return {
    outcome: known,
    ...(typeof message === 'string' && { message }),
    ...(Number.isSafeInteger(boot) && { boot: Number(boot) }),
  }
}

/** Parses the data of a message; undefined, and counted, where it is malformed. */
export const understood = <T>(
  malformed: MalformedMessages,
  { subject, data }: { subject: string; data: Uint8Array },
  parse: Parse<T>,
): T | undefined => malformed.parsed({ kind: parse.name, subject }, () => parse(data))

function changeIn(value: unknown): NodeChange {
  const fields = fieldsOf(value, 'a change')
  if (fields.type === 'Upsert') return upsertIn(fields)
  if (fields.type !== 'Remove') throw new SyntaxError('a change is neither Upsert nor Remove')
  return {
    type: 'Remove',
    resource: textAt(fields, 'resource'),
    namespace: optionalTextAt(fields, 'namespace'),
    name: textAt(fields, 'name'),
    uid: optionalTextAt(fields, 'uid'),
    cause: causeIn(fields),
  }
}

function upsertIn(value: unknown): NodeUpsert {
  const fields = fieldsOf(value, 'a change')
  const { type } = fields
  if (type !== 'Upsert') throw new SyntaxError('a read brings what is there')
  const resource = textAt(fields, 'resource')
  return { type, resource, object: objectIn(fields), cause: causeIn(fields) }
}

/** The api has validated the object; here only its basic form is checked. */
function objectIn(fields: Fields): KubernetesObject {
  const object = fieldsOf(fields.object, 'its object')
  for (const name of ['apiVersion', 'kind']) textAt(object, name)
  const metadata = fieldsOf(object.metadata, "its object's metadata")
  textAt(metadata, 'name')
  for (const name of ['namespace', 'uid', 'resourceVersion']) optionalTextAt(metadata, name)
  for (const name of ['spec', 'status']) {
    if (object[name] !== undefined) fieldsOf(object[name], `its object's ${name}`)
  }
  return object as KubernetesObject
}

function causeIn(fields: Fields): Cause {
  const cause = fieldsOf(fields.cause, 'its cause')
  return { id: textAt(cause, 'id'), correlationId: textAt(cause, 'correlationId') }
}
