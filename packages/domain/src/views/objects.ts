import { isSystemEvent, type Projection, type RecordedEvent, type Vault } from '@reckon/eventing'
import {
  findResourceNamed,
  type KubernetesObject,
  type Resource,
  resourceId,
  resourceNamed,
} from '@reckon/kubernetes'
import { type Cluster, type ClusterFounded, clusterStream } from '../cluster.ts'
import { keyedUid } from '../data-key.ts'
import { closed, loadedObject, type SavedObject, savedObject } from '../sealed-object.ts'
import { evolveObject, type StoredObject } from '../stored-object.ts'
import { type ObjectRef, refOf, streamOf } from '../stream-name.ts'
import { KeyRing } from './key-ring.ts'
import { Reservations } from './reservations.ts'

/** What one event did to one object. */
export type ObjectChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  resource: Resource
  /** As it is now; for a deletion as it was last. */
  stored: StoredObject
  before?: StoredObject
  event: RecordedEvent
}

/**
 * The shared projection of every trusted service: all objects as they are at its position. Nothing is kept of
 * deleted objects.
 */
export class Objects implements Projection {
  #position: bigint | undefined
  #lastEventId = ''
  #cluster: Cluster | undefined
  readonly reservations = new Reservations()
  /** The keys to what is encrypted in the log. */
  readonly keys: KeyRing
  readonly #byStream = new Map<string, StoredObject>()
  readonly #byResource = new Map<string, Map<string, StoredObject>>()
  readonly #byOwner = new Map<string, Set<string>>()
  readonly #listeners = new Set<(change: ObjectChange) => void>()

  /** Without a vault, Secrets are known to exist and no more. */
  constructor(vault?: Vault) {
    this.keys = new KeyRing(vault)
  }

  /** What was folded with one master key is of no use with another. */
  get form(): string {
    return this.keys.masterKeyId ?? 'sealed'
  }

  get position(): bigint | undefined {
    return this.#position
  }

  /** The id of the last applied event: a position means something only together with it. */
  get lastEventId(): string {
    return this.#lastEventId
  }

  /** The cluster that this log belongs to; undefined until it is founded. */
  get cluster(): Cluster | undefined {
    return this.#cluster
  }

  get<T extends KubernetesObject = KubernetesObject>(
    resource: Resource | string,
    namespace: string,
    name: string,
  ): StoredObject<T> | undefined {
    const known = resourceOf(resource)
    return this.#byStream.get(streamOf(known, namespace, name)) as StoredObject<T> | undefined
  }

  /** All objects of a resource, of one namespace if given, by namespace, then name. */
  list<T extends KubernetesObject = KubernetesObject>(
    resource: Resource | string,
    namespace?: string,
  ): StoredObject<T>[] {
    const streams = this.#byResource.get(resourceId(resourceOf(resource)))
    if (!streams) return []
    const all = [...streams.values()] as StoredObject<T>[]
    const wanted =
      namespace === undefined || namespace === ''
        ? all
        : all.filter((stored) => stored.object.metadata.namespace === namespace)
    return wanted.sort(byNamespaceThenName)
  }

  /** Every object that names this uid among its owners. */
  ownedBy(uid: string): StoredObject[] {
    return [...(this.#byOwner.get(uid) ?? [])].flatMap((stream) => this.#byStream.get(stream) ?? [])
  }

  /** Calls the listener after each event that changed an object, in order; returns how to end it. */
  subscribe(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  apply(event: RecordedEvent): void {
    this.#position = event.position
    this.#lastEventId = event.id
    const keyed = keyedUid(event.stream)
    if (keyed !== undefined) this.#applyToKey(keyed, event)
    if (keyed !== undefined || isSystemEvent(event)) return
    if (event.stream === clusterStream) {
      this.#cluster = { founded: event.id, ...(event.data as ClusterFounded) }
      return
    }
    if (this.reservations.apply(event)) return
    const ref = refOf(event.stream)
    const resource = ref && findResourceNamed(ref.resourceId)
    if (ref && resource) this.#applyToObject(resource, ref, event)
  }

  snapshot(): unknown {
    return {
      position: this.#position === undefined ? null : String(this.#position),
      lastEventId: this.#lastEventId,
      cluster: this.#cluster ?? null,
      reservations: this.reservations.snapshot(),
      keys: this.keys.snapshot(),
      objects: [...this.#byStream].map(([stream, stored]) => [
        stream,
        {
          ...savedObject(this.keys, stream, stored),
          revision: String(stored.revision),
          position: String(stored.position),
        },
      ]),
    }
  }

  restore(snapshot: unknown): void {
    const saved = snapshot as {
      position: string | null
      lastEventId: string
      cluster: Cluster | null
      reservations: unknown
      keys: unknown
      objects: [string, SavedObject & { revision: string; position: string }][]
    }
    this.#position = saved.position === null ? undefined : BigInt(saved.position)
    this.#lastEventId = saved.lastEventId
    this.#cluster = saved.cluster ?? undefined
    this.reservations.restore(saved.reservations)
    this.keys.restore(saved.keys)
    this.#byStream.clear()
    this.#byResource.clear()
    this.#byOwner.clear()
    for (const [stream, stored] of saved.objects) {
      const resource = findResourceNamed(refOf(stream)?.resourceId ?? '')
      if (!resource) continue
      const [revision, position] = [BigInt(stored.revision), BigInt(stored.position)]
      this.#put(
        resource,
        stream,
        loadedObject(this.keys, stream, { ...stored, revision, position }),
      )
    }
  }

  #applyToObject(resource: Resource, ref: ObjectRef, event: RecordedEvent): void {
    const stream = streamOf(resource, ref.namespace, ref.name)
    const before = this.#byStream.get(stream)
    const after = evolveObject(before, this.keys.open(event))
    if (before) this.#forget(resource, stream, before)
    if (after) this.#put(resource, stream, after)
    const stored = after ?? before
    if (!stored) return
    const type = after ? (before ? 'MODIFIED' : 'ADDED') : 'DELETED'
    const change: ObjectChange = { type, resource, stored, event, ...(before && { before }) }
    for (const listener of this.#listeners) listener(change)
  }

  /** A destroyed key closes its object, as a fresh fold finds it. */
  #applyToKey(uid: string, event: RecordedEvent): void {
    const stream = this.keys.streamOf(uid) ?? ''
    this.keys.apply(event)
    const stored = this.#byStream.get(stream)
    if (stored?.sealed !== 'Open' || stored.object.metadata.uid !== uid || this.keys.has(uid))
      return
    const resource = resourceOf(refOf(stream)?.resourceId ?? '')
    this.#forget(resource, stream, stored)
    this.#put(resource, stream, closed(stored, stream))
  }

  #put(resource: Resource, stream: string, stored: StoredObject): void {
    this.#byStream.set(stream, stored)
    const id = resourceId(resource)
    const streams = this.#byResource.get(id)
    if (streams) streams.set(stream, stored)
    else this.#byResource.set(id, new Map([[stream, stored]]))
    for (const owner of stored.object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(owner.uid)
      if (owned) owned.add(stream)
      else this.#byOwner.set(owner.uid, new Set([stream]))
    }
  }

  #forget(resource: Resource, stream: string, stored: StoredObject): void {
    this.#byStream.delete(stream)
    this.#byResource.get(resourceId(resource))?.delete(stream)
    for (const owner of stored.object.metadata.ownerReferences ?? []) {
      const owned = this.#byOwner.get(owner.uid)
      owned?.delete(stream)
      if (owned?.size === 0) this.#byOwner.delete(owner.uid)
    }
  }
}

const resourceOf = (resource: Resource | string): Resource =>
  typeof resource === 'string' ? resourceNamed(resource) : resource

const byNamespaceThenName = (a: StoredObject, b: StoredObject): number =>
  compare(a.object.metadata.namespace ?? '', b.object.metadata.namespace ?? '') ||
  compare(a.object.metadata.name, b.object.metadata.name)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
