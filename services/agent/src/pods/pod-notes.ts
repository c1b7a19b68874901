import { isNoteDue } from '@reckon/eventing/bus'
import type { PodNote } from '@reckon/node-plane'

/** Notes something about a pod in a kubelet's wording; repetitions are sent at counts 1, 2, 4, 8… */
export type Notice = (type: PodNote['type'], reason: string, message: string) => void

/** Messages from probes may be long. */
const messageLengthMax = 1_000
/** The number of different notices to count; when there are more, counting starts over. */
const countedMax = 100

/** Counts the notices of one pod, and passes on those that are due. */
export function countedNotices(tell: (note: PodNote) => void): Notice {
  const counts = new Map<string, number>()
  return (type, reason, message) => {
    const said = message.slice(0, messageLengthMax)
    const key = `${type} ${reason} ${said}`
    const count = (counts.get(key) ?? 0) + 1
    if (counts.size >= countedMax) counts.clear()
    counts.set(key, count)
    if (isNoteDue(count)) tell({ type, reason, message: said, count })
  }
}
