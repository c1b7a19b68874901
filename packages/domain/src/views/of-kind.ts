import { holds, type KubernetesObject, type Resource } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'

/** Typed access: what is stored under a resource was folded as an object of its kind. */
export function ofKind<T extends KubernetesObject>(
  resource: Resource<T>,
  stored: StoredObject,
): StoredObject<T> {
  if (holds(resource, stored)) return stored
  const { apiVersion, kind, metadata } = stored.object
  throw new Error(`${metadata.name} is stored as ${resource.kind} and is ${apiVersion} ${kind}`)
}

/** The same for several objects. */
export const allOfKind = <T extends KubernetesObject>(
  resource: Resource<T>,
  found: readonly StoredObject[],
): StoredObject<T>[] => found.map((stored) => ofKind(resource, stored))
