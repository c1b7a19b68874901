import {
  type Holder,
  type ObjectChange,
  type Objects,
  type Reservable,
  type StoredObject,
  streamOf,
} from '@reckon/domain'
import { attempt, type Cause, type Computation, type EventLog, type Ids } from '@reckon/eventing'
import { type KubernetesObject, resourceOf } from '@reckon/kubernetes'
import type { FoundClaimant, FoundHolder, HeldValue } from '@reckon/writing'
import type { PodsEverCreated } from './ownership/pods-ever-created.ts'
import type { Writer } from './writer.ts'

/** What a controller gets to work on one key. */
export type Context = {
  log: EventLog
  ids: Ids
  objects: Objects
  podsEverCreated: PodsEverCreated
  nowMs: number
  /**
   * Names (`namespace/name`) that the log refuses although no such object exists: another owner's object had them.
   * Controllers add to it.
   */
  unusable: Set<string>
  /** Resolves to whether the views have reached the log's end as of this call. */
  waitForHead(): Promise<boolean>
  /**
   * Creates a writer on behalf of an object: its writes name the object's last intent, or the trigger, as their cause.
   */
  writerFor(primary: Primary): Writer
  /** Reports how many objects this reconciliation goes through: see `Pace`. */
  lookedAt(objects: number): void
  /** The key is not worked on again for this long. */
  rest(ms: number): void
  /** The log itself, for what must not be decided on a view that is behind (an address could be lost). */
  reservations: {
    held(reservable: Reservable): Promise<HeldValue | undefined>
    holder(held: HeldValue): Promise<FoundHolder | undefined>
    claimant(holder: Holder): Promise<FoundClaimant | undefined>
    /** The event that claimed part of a namespace's quotas. */
    claimCause(namespace: string, holder: Holder): Promise<Cause | undefined>
  }
}

/** What a key is worked on for: an object, or just an event. */
export type Primary = StoredObject | Pick<StoredObject, 'intent' | 'last'>

/**
 * Brings one kind of object from its observed to its desired state. It never asks which event woke it: `reconcile`
 * compares the whole desired state with the whole observed one in a pure plan, and carries out the plan. The plan is
 * made within `planFor`, so that a bug in it affects only the object concerned.
 */
export type Controller = {
  readonly name: string
  /** The keys that a change concerns. */
  keysOf(change: ObjectChange, objects: Objects): readonly string[]
  /** Subscribes to triggers other than changed objects, which add keys; returns a function to unsubscribe. */
  follow?(objects: Objects, add: (key: string) => void): () => void
  /** All keys; a new term begins with them. */
  allKeys(objects: Objects): readonly string[]
  /** Reconciles a key; resolves to when (milliseconds) it must be reconciled again, if so. */
  reconcile(key: string, context: Context): Promise<number | undefined>
}

/** Computes a plan for an object; a bug in that is a failure of this object alone, see `attempt`. */
export function planFor<T>(object: KubernetesObject, compute: Computation<T>): T {
  const { namespace, name } = object.metadata
  return attempt(streamOf(resourceOf(object), namespace, name), compute)
}
