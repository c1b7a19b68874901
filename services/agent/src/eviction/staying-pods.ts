import { isFinished, isTerminating, type Pod } from '@reckon/kubernetes'
import type { ObjectCache } from '../node/object-cache.ts'

/** The pods that may be evicted: terminating ones will free their resources anyway. */
export const stayingPods = (known: ObjectCache): readonly Pod[] =>
  known
    .pods()
    .map(({ object }) => object)
    .filter((pod) => !isTerminating(pod) && !isFinished(pod.status))
