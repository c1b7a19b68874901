import { isJsonObject } from './json/json-object.ts'
import type { KubernetesObject } from './object.ts'
import type { Resource } from './resource.ts'

/** Whether a value has the type and name that every object has. */
export function isObject(value: unknown): value is KubernetesObject {
  return (
    isJsonObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJsonObject(value.metadata) &&
    typeof value.metadata.name === 'string'
  )
}

/** Whether an object is of this resource, in its stored version; it was then decoded as one. */
export function isOf<T extends KubernetesObject>(
  { group, version, kind }: Resource<T>,
  object: KubernetesObject,
): object is T {
  if (object.kind !== kind) return false
  const { apiVersion } = object
  return group === '' ? apiVersion === version : apiVersion === `${group}/${version}`
}

/** As `isOf`, for something that contains an object, as views do. */
export function holds<T extends KubernetesObject, Holder extends { object: KubernetesObject }>(
  resource: Resource<T>,
  holder: Holder,
): holder is Holder & { object: T } {
  return isOf(resource, holder.object)
}
