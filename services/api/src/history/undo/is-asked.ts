import type { RecordedEvent } from '@reckon/eventing'

/** Whether somebody asked for a change, and no part of the cluster made it of its own. */
export function isAsked({ metadata }: RecordedEvent): boolean {
  const { actor, $causationId } = metadata ?? {}
  if (!actor?.user.startsWith('system:')) return true
  return actor.user.startsWith('system:serviceaccount:') && $causationId === undefined
}
