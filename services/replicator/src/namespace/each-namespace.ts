import type { ObjectChange, Objects } from '@reckon/domain'
import { namespaces, type Resource } from '@reckon/kubernetes'

/** An object that every namespace is to have: its resource and name. */
type NamespaceObject = { resource: Resource; name: string }

/** The namespace that was created, or whose wanted object was changed or deleted. */
export function namespaceOf(
  { type, resource, stored }: ObjectChange,
  wanted: NamespaceObject,
): string[] {
  const { name, namespace = '' } = stored.object.metadata
  if (resource === namespaces) return type === 'ADDED' ? [name] : []
  const isWanted = resource === wanted.resource && name === wanted.name
  return isWanted && type !== 'ADDED' ? [namespace] : []
}

/** All namespaces. */
export const namespacesOf = (objects: Objects): string[] =>
  objects.list(namespaces).map(({ object }) => object.metadata.name)
