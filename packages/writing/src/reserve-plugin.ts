import type { Holder, Origin } from '@reckon/domain'
import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

/** From one state of an object to the next; the one is absent where it comes into being, the other where it ends. */
export type Transition = {
  resource: Resource
  from?: KubernetesObject | undefined
  to?: KubernetesObject | undefined
  holder: Holder
  origin: Origin
  /** Where it was recorded, once it is: what the object gave up there was reserved before. */
  recordedAt?: bigint | undefined
}

/** Keeps what an object must have alone. The order is always: reserve, record the object, release. */
export type ReservePlugin = {
  name: string
  /** Gets what the object is to have beyond what it had: all of it, or nothing where it refuses. */
  reserve(ports: WritePorts, transition: Transition): Promise<void>
  /**
   * Gives back what the object had beyond what it is to have; what the store does not take now is left to the
   * replicator.
   */
  release(ports: WritePorts, transition: Transition): Promise<void>
}
