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

/** What a controller works with for one key. */
export type Context = {
  log: EventLog
  ids: Ids
  objects: Objects
  podsEverCreated: PodsEverCreated
  nowMs: number
  /**
   * `namespace/name` of what the log refuses though it is not there: it was somebody else's. Added to by who finds out.
   */
  unusable: Set<string>
  /** Whether the views have reached what was the log's end at the call. */
  waitForHead(): Promise<boolean>
  /** Writes on behalf of an object: what is written names its last intent, or what triggered this, as its cause. */
  writerFor(primary: Primary): Writer
  /** A look at this key goes through so many objects: see `Pace`. */
  lookedAt(objects: number): void
  /** It is not worked on again for so long. */
  rest(ms: number): void
  /** Reads the log itself: a view that is behind must not cost anybody an address. */
  reservations: {
    held(reservable: Reservable): Promise<HeldValue | undefined>
    holder(held: HeldValue): Promise<FoundHolder | undefined>
    claimant(holder: Holder): Promise<FoundClaimant | undefined>
    /** The event by which something of a namespace's quotas was claimed. */
    claimCause(namespace: string, holder: Holder): Promise<Cause | undefined>
  }
}

/** On whose behalf a key is worked on: an object, or only an event. */
export type Primary = StoredObject | Pick<StoredObject, 'intent' | 'last'>

/**
 * Brings one kind of thing from what is to what is wanted. It never asks which event woke it: `reconcile` compares the
 * whole wanted state with the whole observed one, by a pure plan, and carries the plan out. The plan is made within
 * `planFor`, so that a bug in it is known to concern its object only.
 */
export type Controller = {
  readonly name: string
  /** The keys that a change gives reason to look at. */
  keysOf(change: ObjectChange, objects: Objects): readonly string[]
  /** Adds the keys that something other than a changed object gives reason to look at; returns how to end that. */
  follow?(objects: Objects, add: (key: string) => void): () => void
  /** Every key there is: what a new term looks at. */
  allKeys(objects: Objects): readonly string[]
  /** Resolves to the moment (milliseconds) at which the key is to be looked at again, if it is. */
  reconcile(key: string, context: Context): Promise<number | undefined>
}

/** Computes what to do about an object; a bug in that is a failure of this object, see `attempt`. */
export function planFor<T>(object: KubernetesObject, compute: Computation<T>): T {
  const { namespace, name } = object.metadata
  return attempt(streamOf(resourceOf(object), namespace, name), compute)
}
