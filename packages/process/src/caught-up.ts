import type { Clock, Reader } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'

const waitMs = 1_000
const retryMs = 500

/**
 * Resolves to true when the views have reached everything recorded before this call, however long the store is away; to
 * false only if the signal aborts.
 */
export async function caughtUp(
  { reader, clock }: { reader: Reader; clock: Clock },
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      if (await reader.waitForHead(waitMs)) return true
    } catch (error) {
      if (!isRefusal(error)) throw error
      await clock.sleep(retryMs, signal)
    }
  }
  return false
}
