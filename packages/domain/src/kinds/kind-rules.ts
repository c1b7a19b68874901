import type { Ids } from '@reckon/eventing'
import type { KubernetesObject, ResourceTable, Subresource } from '@reckon/kubernetes'
import type { Cluster } from '../cluster.ts'
import type { Holder, Reservable } from '../reservation.ts'
import type { NamedChange } from './named-change.ts'

/** What a rule may look at besides the object itself. */
export type PrepareContext = {
  cluster: Cluster | undefined
  /** The present holder of a unique value, as far as is known. */
  holderOf(reservable: Reservable): Holder | undefined
  /** The served kinds. */
  resources: ResourceTable
  ids: Ids
  /** The subresource that is written; absent: the object itself. */
  subresource?: WritableSubresource
}

/** The part of an object that a request may change; absent: everything except status. */
export type WritableSubresource = Extract<
  Subresource,
  'status' | 'approval' | 'scale' | 'binding' | 'finalize' | 'ephemeralcontainers'
>

/** The metadata that clients may write. */
type WritableMetadata = 'labels' | 'annotations'

/** How a deletion begins: at once, or by marking the object until its agent or its finalizers have finished. */
type DeletionOptions = { gracePeriodSeconds?: number | undefined; nowMs: number }

/**
 * The rules of one kind beyond the common ones; `T` is the type of its objects. All are pure and never modify their
 * arguments.
 */
export type KindRules<T extends KubernetesObject = KubernetesObject> = {
  /** Whether `metadata.generation` counts the changes of spec. */
  countsGeneration?: boolean
  /** Whether these objects are encrypted in the log, each with a data key of its own. */
  isSealed?: boolean
  /** Whether the creator may set the status, too, as upstream for Nodes. */
  bringsStatus?: true
  /** Which metadata a status update may change, as upstream for this kind; absent: labels and annotations. */
  statusMetadata?: readonly WritableMetadata[]
  /** Changes with event names of their own, narrowest first; these and the generic ones are all events of the kind. */
  changes?: readonly NamedChange<T>[]
  /** Fills in what only the server decides: initial status, allocated addresses. */
  prepareCreate?(object: T, context: PrepareContext): T
  prepareUpdate?(after: T, before: T, context: PrepareContext): T
  /** The status that results from a write to a subresource; absent: as requested. */
  prepareStatus?(after: T, before: T, subresource: 'status' | 'approval'): T['status']
  /** The unique values that the object must hold, reserved before it is created. */
  reservables?(object: T): readonly Reservable[]
  /** Whether a change may increase the use of quotas. */
  isResized?: true
  /** Why this object can never be deleted, if so. */
  undeletable?(object: T): string | undefined
  /** The object while it terminates; undefined where it can be deleted at once. */
  terminating?(object: T, options: DeletionOptions): T | undefined
}
