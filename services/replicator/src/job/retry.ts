import { conditionOf, type Pod } from '@reckon/kubernetes'

const firstDelayMs = 10_000
const delayMsMax = 10 * 60_000

/**
 * When the next pod may be made after the last one failed, in milliseconds: after 10 s, then twice as long for each that
 * failed since one succeeded, at most 10 minutes, as upstream. Undefined where none failed since.
 */
export function retryAtMs(pods: readonly Pod[]): number | undefined {
  const succeededAtMs = Math.max(0, ...endsOf(pods, 'Succeeded'))
  const failures = endsOf(pods, 'Failed').filter((atMs) => atMs > succeededAtMs)
  if (failures.length === 0) return undefined
  const delayMs = Math.min(firstDelayMs * 2 ** (failures.length - 1), delayMsMax)
  return Math.max(...failures) + delayMs
}

const endsOf = (pods: readonly Pod[], phase: string): number[] =>
  pods.filter(({ status }) => status?.phase === phase).map(endedAtMs)

/** When the last container ended; what never ran ended when it was given up. */
function endedAtMs({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).flatMap(({ state }) => {
    const at = state?.terminated?.finishedAt
    return at === undefined ? [] : [Date.parse(at)]
  })
  if (ends.length > 0) return Math.max(...ends)
  const { lastTransitionTime } = conditionOf(status, 'Ready') ?? {}
  return Date.parse(lastTransitionTime ?? metadata.creationTimestamp ?? '1970-01-01T00:00:00Z')
}
