import type { Pod } from '@reckon/kubernetes'
import { endedAtMs } from '../ownership/ended-at.ts'

const firstDelayMs = 10_000
const delayMsMax = 10 * 60_000

/**
 * When the next pod may be made after a failure, in milliseconds. The back-off is 10 s, doubled for each failure since
 * the last success, at most 10 minutes, as upstream. Undefined without a failure.
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
