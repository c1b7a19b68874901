import { isFinished, isTerminating, type Pod } from '@reckon/kubernetes'
import type { KnownObjects } from '../node/known-objects.ts'

/** The pods that may be evicted: terminating ones will free their resources anyway. */
export const stayingPods = (known: KnownObjects): readonly Pod[] =>
  known
    .pods()
    .map(({ object }) => object)
    .filter((pod) => !isTerminating(pod) && !isFinished(pod.status))
