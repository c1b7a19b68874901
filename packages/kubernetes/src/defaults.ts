import { copyOf } from './json/json-object.ts'
import type { KubernetesObject, Undefaulted } from './object.ts'
import type { Resource } from './resource.ts'

/** A copy of an object in its hub version with everything that upstream fills in by default. */
export function withDefaults<T extends KubernetesObject>(
  resource: Resource<T>,
  object: Undefaulted<T>,
): T {
  const defaulted = copyOf(object) as T
  resource.setDefaults(defaulted)
  return defaulted
}
