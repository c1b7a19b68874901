import type { Rejection } from './admission.ts'

/** Why the node evicts a pod. A disruption is not the pod's own fault. */
export type Eviction = { rejection: Rejection; isDisruption: boolean }
