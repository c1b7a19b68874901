import { isNoteDue } from '@reckon/eventing/bus'
import type { PodNote } from '@reckon/node-plane'

/** Says in a kubelet's words what was noticed of a pod; the same again is told at its 1st, 2nd, 4th, 8th … time. */
export type Notice = (type: PodNote['type'], reason: string, message: string) => void

/** Messages of what answers a probe may be long. */
const messageLengthMax = 1_000
/** What is counted at most: who says something else each time is told of from the first on again. */
const countedMax = 100

/** Counts what is noticed of one pod, and hands on what is due. */
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
