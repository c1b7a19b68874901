import type { Event } from '@reckon/kubernetes'

/** As upstream's `--event-ttl`. */
const keptMs = 3_600_000

/** When an Event that a client wrote expires: an hour after its last write. Pure. */
export function plan({ metadata, lastTimestamp, eventTime, series }: Event): number {
  const times = [metadata.creationTimestamp, lastTimestamp, eventTime, series?.lastObservedTime]
  const moments = times.flatMap((time) => {
    const ms = Date.parse(time ?? '')
    return Number.isNaN(ms) ? [] : [ms]
  })
  return Math.max(0, ...moments) + keptMs
}
