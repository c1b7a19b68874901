import type { Metadata } from '@reckon/eventing'
import {
  type KubernetesObject,
  managedAfterUpdate,
  type Resource,
  secondsOf,
} from '@reckon/kubernetes'

/**
 * A changed object, with those named who manage its fields now: of objects that were applied once this follows from
 * each event and who caused it, and is recorded only where it does not (`docs/decisions/003-managed-fields.md`).
 */
export function withManagers(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
  { metadata, isStatusOnly }: { metadata: Metadata | undefined; isStatusOnly: boolean },
): KubernetesObject {
  const known = before.metadata.managedFields
  if (metadata?.statesManagers) return after
  if (known === undefined || after.metadata.managedFields !== known) return after
  const by = { ...managerOf(metadata), ...(isStatusOnly && { subresource: 'status' }) }
  return managedBy(after, managedAfterUpdate(resource, before, after, by))
}

/** An object that is managed by these. */
export function managedBy(
  object: KubernetesObject,
  managedFields: KubernetesObject['metadata']['managedFields'],
): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata: { ...metadata, ...(managedFields && { managedFields }) } }
}

/** Who changed something by an event, as a manager of fields. */
export function managerOf(metadata: Metadata | undefined): { manager: string; time: string } {
  const manager = metadata?.fieldManager ?? metadata?.actor.user.split(':').at(-1) ?? ''
  return { manager: manager || 'unknown', time: secondsOf(Date.parse(metadata?.time ?? '') || 0) }
}
