import { isJsonObject } from './json/json-object.ts'
import type { KubernetesObject } from './object.ts'
import type { Resource } from './resource.ts'

/** The object with another number of replicas wanted. */
export function withReplicas(
  resource: Resource,
  object: KubernetesObject,
  replicas: number,
): KubernetesObject {
  if (resource.setReplicas) return resource.setReplicas(object, replicas)
  return { ...object, spec: { ...(isJsonObject(object.spec) && object.spec), replicas } }
}
