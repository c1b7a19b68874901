import type { ObjectChange, Objects } from '@reckon/domain'
import { namespaces, type Resource } from '@reckon/kubernetes'

/** What every namespace is to have: an object of this resource, called so. */
type NamespaceObject = { resource: Resource; name: string }

/** The namespace that is there now, or in which what is wanted has changed or is gone. */
export function namespaceOf(
  { type, resource, stored }: ObjectChange,
  wanted: NamespaceObject,
): string[] {
  const { name, namespace = '' } = stored.object.metadata
  if (resource === namespaces) return type === 'ADDED' ? [name] : []
  const isWanted = resource === wanted.resource && name === wanted.name
  return isWanted && type !== 'ADDED' ? [namespace] : []
}

/** Every namespace there is. */
export const namespacesOf = (objects: Objects): string[] =>
  objects.list(namespaces).map(({ object }) => object.metadata.name)
