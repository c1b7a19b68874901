import { type Resource, resourceId, resourceNamed } from '@reckon/kubernetes'

/** The name of an object; `namespace` is empty for cluster-scoped ones. */
export type ObjectRef = { resourceId: string; namespace: string; name: string }

/**
 * One stream per object: `deployments.apps-default/web`, `nodes-/node-1`. EventStoreDB's category projection splits at
 * the first `-`, so a `-` in a group's name is written `_`.
 */
export const streamOf = (resource: Resource, namespace: string | undefined, name: string): string =>
  `${categoryOf(resource)}-${resource.namespaced ? (namespace ?? '') : ''}/${name}`

/** The common prefix of the streams of a resource, of one namespace if given. */
export const streamsOf = (resource: Resource, namespace?: string): string =>
  `${categoryOf(resource)}-${namespace === undefined ? '' : `${namespace}/`}`

const categoryOf = (resource: Resource): string => resourceId(resource).replaceAll('-', '_')

/** The object that a stream belongs to; undefined for streams that are not an object's. */
export const refOf = (stream: string): ObjectRef | undefined => {
  const dash = stream.indexOf('-')
  const slash = stream.indexOf('/', dash)
  if (dash < 0 || slash < 0) return undefined
  return {
    resourceId: stream.slice(0, dash).replaceAll('_', '-'),
    namespace: stream.slice(dash + 1, slash),
    name: stream.slice(slash + 1),
  }
}

/**
 * The same for a stream of a built-in kind (holders of unique values and encrypted objects are); any other is a bug.
 */
export function targetOf(stream: string): ObjectRef & { resource: Resource } {
  const ref = refOf(stream)
  if (ref === undefined) throw new Error(`${stream} is no object's stream`)
  return { ...ref, resource: resourceNamed(ref.resourceId) }
}
