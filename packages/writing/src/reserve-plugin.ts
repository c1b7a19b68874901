import type { Holder, Origin } from '@reckon/domain'
import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

/** The transition of an object; `from` is absent at its creation, `to` at its end. */
export type Transition = {
  resource: Resource
  from?: KubernetesObject | undefined
  to?: KubernetesObject | undefined
  holder: Holder
  origin: Origin
  /** The position of its event, once recorded: values given up there were reserved before. */
  recordedAt?: bigint | undefined
}

/** Reserves what an object needs for itself, always in the order: reserve, record the object, release. */
export type ReservePlugin = {
  name: string
  /** Reserves what the object gains: all of it, or nothing if it refuses. */
  reserve(ports: WritePorts, transition: Transition): Promise<void>
  /** Releases what the object loses; if the store is away, the replicator does so later. */
  release(ports: WritePorts, transition: Transition): Promise<void>
}
