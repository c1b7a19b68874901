import { copyOf } from './json/json-object.ts'
import type { KubernetesObject } from './object.ts'
import { apiVersionOf, type GroupVersion, type Resource } from './resource.ts'

/** An object as a client sent it, in the version in which it is stored. */
export function toHub(resource: Resource, object: KubernetesObject): KubernetesObject {
  const hub = apiVersionOf(resource)
  if (object.apiVersion === hub) return object
  const clone = copyOf(object)
  const converted = resource.conversions[object.apiVersion]?.toHub(clone) ?? clone
  return { ...converted, apiVersion: hub }
}

/** A stored object in the version that a client asked for. */
export function fromHub(
  resource: Resource,
  groupVersion: GroupVersion,
  object: KubernetesObject,
): KubernetesObject {
  const asked = apiVersionOf(groupVersion)
  if (object.apiVersion === asked) return object
  const clone = copyOf(object)
  const converted = resource.conversions[asked]?.fromHub(clone) ?? clone
  return { ...converted, apiVersion: asked }
}
