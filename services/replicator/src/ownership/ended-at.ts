import { conditionOf, type Pod } from '@reckon/kubernetes'

/** When the last container of a pod ended, in milliseconds; for a pod that never ran, when it was given up. */
export function endedAtMs({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).flatMap(({ state }) => {
    const at = state?.terminated?.finishedAt
    return at === undefined ? [] : [Date.parse(at)]
  })
  if (ends.length > 0) return Math.max(...ends)
  const { lastTransitionTime } = conditionOf(status, 'Ready') ?? {}
  return Date.parse(lastTransitionTime ?? metadata.creationTimestamp ?? '1970-01-01T00:00:00Z')
}
