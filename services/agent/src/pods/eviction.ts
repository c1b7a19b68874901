import type { Rejection } from './admission.ts'

/** Why the node gets rid of a pod; a disruption is what the pod itself is not to blame for. */
export type Eviction = { rejection: Rejection; isDisruption: boolean }
