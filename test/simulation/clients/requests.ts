import { type KubernetesObject, resourceNamed } from '@reckon/kubernetes'
import type { Asked, Precondition, Ref, Scope } from '../../histories/operation.ts'
import { tokenAnnotation } from '../../histories/seen-object.ts'
import type { HttpRequest } from './http-connection.ts'

/** A request without its user. */
export type Wanted = Omit<HttpRequest, 'userAgent'> & {
  /** Part of it may be done though it is refused: the deletion of a collection. */
  isPartial?: true
}
export type PatchType = 'json' | 'merge' | 'strategic-merge'

const json = 'application/json'

/** `/apis/apps/v1/namespaces/default/deployments`; of all namespaces where none is given. */
export function collectionPath(resource: string, namespace?: string): string {
  const { group, plural, servedVersions, namespaced } = resourceNamed(resource)
  const { version } = servedVersions[0] ?? { version: 'v1' }
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespaced && namespace ? `${base}/namespaces/${namespace}/${plural}` : `${base}/${plural}`
}

export const itemPath = ({ resource, namespace, name }: Ref): string =>
  `${collectionPath(resource, namespace)}/${name}`

/** An object with a token by which each write can be told from any other. */
export const tokened = (object: KubernetesObject, token: string): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [tokenAnnotation]: token },
  },
})

export const creation = (
  { resource, namespace }: Ref,
  object: KubernetesObject,
  token: string,
): Wanted => ({
  method: 'POST',
  path: collectionPath(resource, namespace),
  body: JSON.stringify(tokened(object, token)),
  type: json,
})

/** Replaces the object; its version and uid are preconditions where given. */
export function replacement(
  ref: Ref,
  object: KubernetesObject,
  { token, precondition = {} }: { token: string; precondition?: Precondition },
): Wanted {
  const { resourceVersion: _, uid: __, ...metadata } = tokened(object, token).metadata
  const { version, uid } = precondition
  const named = {
    ...metadata,
    ...(version !== undefined && { resourceVersion: String(version) }),
    ...(uid !== undefined && { uid }),
  }
  const body = JSON.stringify({ ...object, metadata: named })
  return { method: 'PUT', path: itemPath(ref), body, type: json }
}

/** `change` is merged into the object; a JSON patch carries only the token. */
export function patch(
  ref: Ref,
  type: PatchType,
  {
    token,
    change = {},
    precondition = {},
  }: { token: string; change?: object; precondition?: Precondition },
): Wanted {
  const body =
    type === 'json' ? jsonPatch(token, precondition) : merged(token, change, precondition)
  return {
    method: 'PATCH',
    path: itemPath(ref),
    body: JSON.stringify(body),
    type: `application/${type}-patch+json`,
  }
}

function merged(token: string, change: object, { version }: Precondition): object {
  const { metadata = {} } = change as { metadata?: { annotations?: object } }
  return {
    ...change,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [tokenAnnotation]: token },
      ...(version !== undefined && { resourceVersion: String(version) }),
    },
  }
}

function jsonPatch(token: string, { token: before }: Precondition): object[] {
  const path = `/metadata/annotations/${tokenAnnotation.replaceAll('/', '~1')}`
  if (before === undefined) {
    return [{ op: 'add', path: '/metadata/annotations', value: { [tokenAnnotation]: token } }]
  }
  return [
    { op: 'test', path, value: before },
    { op: 'replace', path, value: token },
  ]
}

export function deletion(
  ref: Ref,
  {
    precondition = {},
    propagationPolicy,
  }: { precondition?: Precondition; propagationPolicy?: string },
): Wanted {
  const { uid, version } = precondition
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(version !== undefined && { resourceVersion: String(version) }),
  }
  const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions, propagationPolicy }
  return { method: 'DELETE', path: itemPath(ref), body: JSON.stringify(options), type: json }
}

export const reading = (path: string, query: Record<string, string | undefined>): Wanted => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  const text = String(new URLSearchParams(given))
  return { method: 'GET', path: text === '' ? path : `${path}?${text}` }
}

/** A watch with bookmarks, for at most `seconds` where given. */
export const watching = (scope: Scope, since: bigint | 'Initial', seconds?: number): Wanted =>
  reading(collectionPath(scope.resource, scope.namespace), {
    watch: 'true',
    allowWatchBookmarks: 'true',
    labelSelector: selectorOf(scope),
    timeoutSeconds: seconds === undefined ? undefined : String(seconds),
    ...(since === 'Initial'
      ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: String(since) }),
  })

/** The query of a scope. */
export const selectorOf = ({ labels }: Scope): string | undefined =>
  labels &&
  Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',')

export const versionOf = (asked: Extract<Asked, { verb: 'get' | 'list' }>): string | undefined =>
  asked.version === undefined ? undefined : String(asked.version)
