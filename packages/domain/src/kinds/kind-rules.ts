import type { Ids } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'
import type { Cluster } from '../cluster.ts'
import type { Holder, Reservable } from '../reservation.ts'

/** What a rule may look at beside the object itself. */
export type Surroundings = {
  cluster: Cluster | undefined
  /** Who has this alone, as far as is known. */
  holderOf(reservable: Reservable): Holder | undefined
  ids: Ids
}

/** The part of an object that a request may change; absent: everything but status. */
export type Subresource = 'status' | 'scale' | 'binding' | 'finalize'

/** How a deletion begins: at once, or by marking the object, which its agent or its finalizers end later. */
export type DeletionOptions = { gracePeriodSeconds?: number; nowMs: number }

/** The rules of one kind beyond those of every object. All pure; none changes its arguments. */
export type KindRules = {
  /** Whether `metadata.generation` counts the changes of spec. */
  countsGeneration?: boolean
  /** Whether the log holds these objects encrypted, each under a data key of its own. */
  isSealed?: boolean
  /** Fills in what the server alone decides: first status, allotted addresses. */
  prepareCreate?(object: KubernetesObject, surroundings: Surroundings): KubernetesObject
  prepareUpdate?(
    after: KubernetesObject,
    before: KubernetesObject,
    surroundings: Surroundings,
  ): KubernetesObject
  /** What the object must hold alone, reserved before it is created. */
  reservables?(object: KubernetesObject): readonly Reservable[]
  /** The narrowest true name of a change, where there is one. */
  nameChange?(before: KubernetesObject, after: KubernetesObject): string | undefined
  /** Why this object may never be deleted, where that is so. */
  undeletable?(object: KubernetesObject): string | undefined
  /** The object as it is while it terminates; undefined where it can go at once. */
  terminating?(object: KubernetesObject, options: DeletionOptions): KubernetesObject | undefined
}
