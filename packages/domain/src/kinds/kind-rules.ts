import type { Ids } from '@reckon/eventing'
import type { KubernetesObject, ResourceTable, Subresource } from '@reckon/kubernetes'
import type { Cluster } from '../cluster.ts'
import type { Holder, Reservable } from '../reservation.ts'
import type { NamedChange } from './named-change.ts'

/** What a rule may look at beside the object itself. */
export type PrepareContext = {
  cluster: Cluster | undefined
  /** Who has this alone, as far as is known. */
  holderOf(reservable: Reservable): Holder | undefined
  /** The kinds that are served. */
  resources: ResourceTable
  ids: Ids
  /** The part of the object that is written; absent: the object itself. */
  subresource?: WritableSubresource
}

/** The part of an object that a request may change; absent: everything but status. */
export type WritableSubresource = Extract<
  Subresource,
  'status' | 'approval' | 'scale' | 'binding' | 'finalize' | 'ephemeralcontainers'
>

/** The metadata that is for clients to write. */
type WritableMetadata = 'labels' | 'annotations'

/** How a deletion begins: at once, or by marking the object, which its agent or its finalizers end later. */
type DeletionOptions = { gracePeriodSeconds?: number | undefined; nowMs: number }

/**
 * The rules of one kind beyond those of every object; `T` is what its objects look like. All pure; none changes its
 * arguments.
 */
export type KindRules<T extends KubernetesObject = KubernetesObject> = {
  /** Whether `metadata.generation` counts the changes of spec. */
  countsGeneration?: boolean
  /** Whether the log holds these objects encrypted, each under a data key of its own. */
  isSealed?: boolean
  /** Whether whoever makes such an object says its status, too, as upstream of nodes. */
  bringsStatus?: true
  /** What of the metadata a change of the status may bring along, as upstream's of this kind; absent: both. */
  statusMetadata?: readonly WritableMetadata[]
  /** The changes that have names of their own, the narrowest first: these and the generic ones are all its events. */
  changes?: readonly NamedChange<T>[]
  /** Fills in what the server alone decides: first status, allotted addresses. */
  prepareCreate?(object: T, context: PrepareContext): T
  prepareUpdate?(after: T, before: T, context: PrepareContext): T
  /** The status that it may become by what is written below one of its doors; absent: as it is wanted. */
  prepareStatus?(after: T, before: T, subresource: 'status' | 'approval'): T['status']
  /** What the object must hold alone, reserved before it is created. */
  reservables?(object: T): readonly Reservable[]
  /** Whether a change can make it ask for more of what quotas bound than it did. */
  isResized?: true
  /** Why this object may never be deleted, where that is so. */
  undeletable?(object: T): string | undefined
  /** The object as it is while it terminates; undefined where it can go at once. */
  terminating?(object: T, options: DeletionOptions): T | undefined
}
