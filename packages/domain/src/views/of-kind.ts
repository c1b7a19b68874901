import { holds, type KubernetesObject, type Resource } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'

/** What is stored under a resource is one of its kind, for everything was folded as such. */
export function ofKind<T extends KubernetesObject>(
  resource: Resource<T>,
  stored: StoredObject,
): StoredObject<T> {
  if (holds(resource, stored)) return stored
  const { apiVersion, kind, metadata } = stored.object
  throw new Error(`${metadata.name} is stored as ${resource.kind} and is ${apiVersion} ${kind}`)
}

/** The same of several. */
export const allOfKind = <T extends KubernetesObject>(
  resource: Resource<T>,
  found: readonly StoredObject[],
): StoredObject<T>[] => found.map((stored) => ofKind(resource, stored))
