import {
  type Cluster,
  type Holder,
  type KeyRing,
  type Objects,
  type OtherObjects,
  type Requester,
  type Reservable,
  type ReservationState,
  reservationStream,
  rulesOfUser,
  type StoredObject,
  streamOf,
} from '@reckon/domain'
import type { Executed, Folded, RecordedEvent } from '@reckon/eventing'
import {
  holds,
  type KubernetesObject,
  type PolicyRule,
  type Resource,
  type ResourceTable,
} from '@reckon/kubernetes'
import { ClaimQueue } from './quota/claim-queue.ts'
import { KnownQuotas } from './quota/known-quotas.ts'
import type { Target } from './target.ts'
import { Unseen } from './unseen.ts'

/** An object's stream as known, and the keys to its encrypted content. */
export type KnownObject = { known: Folded<StoredObject | undefined> | undefined; keys: KeyRing }

/**
 * A writer's view: the process's view, and on top of it what the process has recorded itself and the view has not seen
 * yet. So a write right after another one is decided on the result of that.
 */
export class WriterView implements OtherObjects {
  readonly #view: Objects
  readonly #objects: Unseen<KnownObject>
  readonly #reservations: Unseen<Folded<ReservationState>>
  readonly quotas: KnownQuotas
  readonly claimQueue: ClaimQueue

  constructor(view: Objects) {
    this.#view = view
    this.#objects = new Unseen(view)
    this.#reservations = new Unseen(view)
    this.quotas = new KnownQuotas(view)
    this.claimQueue = new ClaimQueue(this.quotas)
  }

  get cluster(): Cluster | undefined {
    return this.#view.cluster
  }

  get resources(): ResourceTable {
    return this.#view.resources
  }

  get keys(): KeyRing {
    return this.#view.keys
  }

  get<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
  ): StoredObject<T> | undefined {
    const stored = this.object({ resource, namespace, name }).known?.state
    return stored && holds(resource, stored) ? stored : undefined
  }

  list<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace?: string,
  ): readonly StoredObject<T>[] {
    return this.#view.list(resource, namespace)
  }

  rulesOf(user: Requester, namespace?: string): Iterable<PolicyRule> {
    return rulesOfUser(this.#view, user, namespace)
  }

  object({ resource, namespace, name }: Target): KnownObject {
    const own = this.#objects.of(streamOf(resource, namespace, name))
    if (own !== undefined) return own
    const state = this.#view.get(resource, namespace, name)
    return { known: state && { state, revision: state.revision }, keys: this.#view.keys }
  }

  reservation(reservable: Reservable): Folded<ReservationState> | undefined {
    const own = this.#reservations.of(reservationStream(reservable))
    if (own !== undefined) return own
    const state = this.#view.reservations.of(reservable)
    return state && { state, revision: state.revision }
  }

  holderOf(reservable: Reservable): Holder | undefined {
    return this.reservation(reservable)?.state.holder
  }

  /** The object after an event that this process has recorded and folded itself; undefined for other events. */
  readonly folded = ({ stream, position }: RecordedEvent): StoredObject | undefined => {
    const state = this.#objects.at(stream, position)?.known?.state
    return state?.sealed ? undefined : state
  }

  /** Records the outcome of a write, if there was an event. */
  noteObject(
    stream: string,
    { state, revision, event }: Executed<StoredObject | undefined>,
    keys: KeyRing,
  ): void {
    if (event) this.#objects.note(stream, event.position, { known: { state, revision }, keys })
  }

  noteReservation(stream: string, { state, revision, event }: Executed<ReservationState>): void {
    if (event) this.#reservations.note(stream, event.position, { state, revision })
  }
}
