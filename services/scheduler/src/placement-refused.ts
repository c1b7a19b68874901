import { metadataOf, type Origin, type PlacementRefused } from '@reckon/domain'
import { isRefusal } from '@reckon/kubernetes'
import type { WritePorts } from '@reckon/writing'

const stream = 'decisions-scheduler'
const retryMs = 1_000

/** Records that a placement was refused; retries while the store is away, until the signal aborts. */
export async function recordRefusal(
  { log, clock, ids }: Pick<WritePorts, 'log' | 'clock' | 'ids'>,
  refused: PlacementRefused,
  { origin, signal }: { origin: Origin; signal: AbortSignal },
): Promise<void> {
  const id = ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  const event = { id, type: 'PlacementRefused', data: refused, metadata }
  for (;;) {
    try {
      await log.append(stream, 'Any', [event])
      return
    } catch (error) {
      if (!isRefusal(error)) throw error
      await clock.sleep(retryMs, signal)
      if (signal.aborted) return
    }
  }
}
