import type { Metadata } from '@reckon/eventing'
import {
  isDeepEqual,
  type KubernetesObject,
  managedAfterUpdate,
  type Resource,
  secondsOf,
} from '@reckon/kubernetes'

/**
 * A changed object with its present field managers. For objects that were ever applied, these follow from each event
 * and its author, and are recorded only where they do not (`docs/decisions/003-managed-fields.md`).
 */
export function withManagers(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
  { metadata, isStatusOnly }: { metadata: Metadata | undefined; isStatusOnly: boolean },
): KubernetesObject {
  const known = before.metadata.managedFields
  if (metadata?.statesManagers) return after
  if (known === undefined || !isDeepEqual(after.metadata.managedFields, known)) return after
  const by = { ...managerOf(metadata), ...(isStatusOnly && { subresource: 'status' }) }
  return managedBy(after, managedAfterUpdate(resource, before, after, by))
}

/** The object with these field managers. */
export function managedBy(
  object: KubernetesObject,
  managedFields: KubernetesObject['metadata']['managedFields'],
): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata: { ...metadata, ...(managedFields && { managedFields }) } }
}

/** The author of an event as a field manager. */
export function managerOf(metadata: Metadata | undefined): { manager: string; time: string } {
  const manager = metadata?.fieldManager ?? metadata?.actor.user.split(':').at(-1) ?? ''
  return { manager: manager || 'unknown', time: secondsOf(Date.parse(metadata?.time ?? '') || 0) }
}
