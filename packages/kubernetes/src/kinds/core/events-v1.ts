import type { Conversion } from '../../resource.ts'

/** The fields of events.k8s.io/v1 with their names in core/v1, where these differ. */
const names = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const

/** Event of events.k8s.io/v1: the same fields under other names. */
export const eventsV1: Conversion = {
  toHub(object) {
    for (const [there, here] of names) {
      if (object[there] === undefined) continue
      object[here] = object[there]
      delete object[there]
    }
    return object
  },
  fromHub(object) {
    for (const [there, here] of names) {
      if (object[here] === undefined) continue
      object[there] = object[here]
      delete object[here]
    }
    return object
  },
}
