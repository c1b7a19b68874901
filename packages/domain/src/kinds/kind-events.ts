import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import { rulesOf } from './rules-of.ts'

/** What an event does to its object: creates, changes or deletes it. */
export type Effect = 'Created' | 'Changed' | 'Deleted'

/** The event types that every kind has; kinds defined at run time have only these. */
export const eventTypes = (kind: string) =>
  ({
    created: `${kind}Created`,
    changed: `${kind}Changed`,
    statusChanged: `${kind}StatusChanged`,
    deletionRequested: `${kind}DeletionRequested`,
    deleted: `${kind}Deleted`,
  }) as const

/** What an event of this type does to an object of the resource; undefined where the kind has no such event. */
export function effectOf(resource: Resource, type: string): Effect | undefined {
  const { kind } = resource
  switch (type.startsWith(kind) ? type.slice(kind.length) : undefined) {
    case 'Created':
      return 'Created'
    case 'Deleted':
      return 'Deleted'
    case 'Changed':
    case 'StatusChanged':
    case 'DeletionRequested':
      return 'Changed'
    default:
      return rulesOf(resource).changes?.some((change) => change.type === type)
        ? 'Changed'
        : undefined
  }
}

/** The narrowest event type of a change: the kind's own names are tried first, in order. */
export function nameOfChange(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
  isStatusOnly: boolean,
): string {
  const { deletionRequested, statusChanged, changed } = eventTypes(resource.kind)
  if (!before.metadata.deletionTimestamp && after.metadata.deletionTimestamp) {
    return deletionRequested
  }
  const named = rulesOf(resource).changes?.find(({ is }) => is?.(before, after))
  return named?.type ?? (isStatusOnly ? statusChanged : changed)
}
