import type { RecordedEvent } from '@reckon/eventing'

/** Whether somebody asked for a change, and no part of the cluster made it of its own. */
export function isAsked({ metadata }: RecordedEvent): boolean {
  const { user = '' } = metadata?.actor ?? {}
  return !user.startsWith('system:') || user.startsWith('system:serviceaccount:')
}
