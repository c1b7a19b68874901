import type { RecordedEvent } from '@reckon/eventing'

/** Whether a user requested a change, rather than a component of the cluster. */
export function isAsked({ metadata }: RecordedEvent): boolean {
  const { user = '' } = metadata?.actor ?? {}
  return !user.startsWith('system:') || user.startsWith('system:serviceaccount:')
}
