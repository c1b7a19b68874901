import { isSystemEvent, type Projection, type RecordedEvent, type Vault } from '@reckon/eventing'
import {
  type KubernetesObject,
  type Pod,
  pods,
  type Resource,
  ResourceTable,
  type RoleBinding,
} from '@reckon/kubernetes'
import { type Cluster, clusterOf, clusterStream } from '../cluster.ts'
import { keyedUid } from '../data-key.ts'
import { closed, loadedObject, savedObject } from '../sealed-object.ts'
import type { StoredObject } from '../stored-object.ts'
import { type ObjectRef, refOf, streamOf } from '../stream-name.ts'
import type { Collection, Range } from './collection.ts'
import { defineCustom, definitionsId } from './custom-resources.ts'
import { IndexedObjects } from './indexed-objects.ts'
import { KeyRing } from './key-ring.ts'
import { Notes } from './notes.ts'
import { ObjectFolds } from './object-folds.ts'
import { allOfKind, ofKind } from './of-kind.ts'
import { QuotaClaims } from './quota-claims.ts'
import { Reservations } from './reservations.ts'
import {
  isKeyRecord,
  type SavedEntry,
  type SavedRecord,
  savedRecordIn,
  savedRecords,
  streamOfRecord,
} from './saved-records.ts'
import { supersedes } from './supersedes.ts'
import type { Entry } from './value-index.ts'

/** What one event did to one object. */
export type ObjectChange = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  resource: Resource
  /** The object as it is now; its last state for a deletion. */
  stored: StoredObject
  before?: StoredObject
  event: RecordedEvent
}

/** The shared projection of every trusted service: all objects as of its position. Deleted objects are not kept. */
export class Objects implements Projection {
  #position: bigint | undefined
  #lastEventId = ''
  #cluster: Cluster | undefined
  /** The kinds that are served at its position. */
  readonly resources: ResourceTable
  readonly reservations = new Reservations()
  readonly quotaClaims = new QuotaClaims()
  readonly notes = new Notes()
  /** The keys to what is encrypted in the log. */
  readonly keys: KeyRing
  /** Asked first what an event made of its object: who has recorded it may know. */
  folded: (event: RecordedEvent) => StoredObject | undefined = () => undefined
  readonly keyOf = streamOfRecord
  readonly isPassing = isKeyRecord
  readonly #vault: Vault | undefined
  readonly #objects = new IndexedObjects()
  readonly #folds: ObjectFolds
  /** Records of a snapshot whose kinds are defined later in it. */
  readonly #undefined = new Map<string, SavedEntry[]>()
  /** False for a view of the past, which has the kinds of the present. */
  #defines = true
  readonly #listeners = new Set<(change: ObjectChange) => void>()

  /**
   * Without a vault, only the existence of Secrets is known. Objects of kinds that are not in `resources` are not kept;
   * asking for them throws.
   */
  constructor(vault?: Vault, resources = new ResourceTable()) {
    this.#vault = vault
    this.keys = new KeyRing(vault)
    this.#folds = new ObjectFolds(this.keys)
    this.resources = resources
  }

  /** A snapshot is valid only with the same master key and for the same set of kinds. */
  get form(): string {
    return [this.keys.masterKeyId ?? 'sealed', ...(this.resources.narrowedTo ?? [])].join('-')
  }

  get position(): bigint | undefined {
    return this.#position
  }

  /** The id of the last applied event: a position is meaningful only together with it. */
  get lastEventId(): string {
    return this.#lastEventId
  }

  /** The cluster of this log; undefined until it is founded. */
  get cluster(): Cluster | undefined {
    return this.#cluster
  }

  get<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
  ): StoredObject<T> | undefined {
    const stored = this.#objects.get(streamOf(resource, namespace, name))
    if (stored === undefined) this.#assertKept(resource)
    return stored && ofKind(resource, stored)
  }

  /** The object of a stream. */
  ofStream(stream: string): StoredObject | undefined {
    return this.#objects.get(stream)
  }

  /** All objects of a resource, of one namespace if given, by namespace and name. */
  list<T extends KubernetesObject>(resource: Resource<T>, namespace?: string): StoredObject<T>[] {
    return [...this.scan(resource, { namespace: namespace || undefined })]
  }

  /** As `list`, filtered and lazy; nothing may be applied during the iteration. */
  *scan<T extends KubernetesObject>(
    resource: Resource<T>,
    range?: Range,
  ): Iterable<StoredObject<T>> {
    for (const stored of this.#of(resource).scan(range)) yield ofKind(resource, stored)
  }

  /** The objects of a resource with pod selectors (Services, ReplicaSets) that select this pod. */
  selecting<T extends KubernetesObject>(
    resource: Resource<T>,
    { metadata: { labels, namespace = '' } }: KubernetesObject,
  ): StoredObject<T>[] {
    return allOfKind(resource, this.#of(resource).selecting(labels, namespace))
  }

  /** The objects of a namespace without a controller, in no order. */
  uncontrolled(resource: Resource, namespace: string): StoredObject[] {
    return this.#of(resource).uncontrolled(namespace)
  }

  /** The bindings of a namespace (RoleBindings …) that name this subject. */
  binding(
    resource: Resource<RoleBinding>,
    subject: string,
    namespace = '',
  ): StoredObject<RoleBinding>[] {
    return allOfKind(resource, this.#of(resource).binding(subject, namespace))
  }

  /** The objects of a resource with hosts (Ingresses) that have rules for this host, in no order. */
  ofHost<T extends KubernetesObject>(resource: Resource<T>, host: string): StoredObject<T>[] {
    return allOfKind(resource, this.#of(resource).ofHost(host))
  }

  /** The number of objects of a resource, in one namespace if given. */
  count(resource: Resource, namespace?: string): number {
    return this.#of(resource).count(namespace)
  }

  /** Every object with this uid among its owners. */
  ownedBy(uid: string): StoredObject[] {
    return this.#objects.ownedBy(uid)
  }

  /** The pods that are bound to a node. */
  podsOn(node: string): StoredObject<Pod>[] {
    return allOfKind(pods, this.#objects.onNode(node))
  }

  /** Calls the listener after each event that changed an object, in order; returns a function to unsubscribe. */
  subscribe(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** An empty view with the same vault; of these kinds only, if they are given. */
  beginning(resources = this.resources): Objects {
    const view = new Objects(this.#vault, resources)
    view.#defines = false
    for (const key of this.keys.snapshot()) view.keys.restore(key)
    return view
  }

  apply(event: RecordedEvent): void {
    this.#position = event.position
    this.#lastEventId = event.id
    this.quotaClaims.settle(event.stream)
    const entry = this.#objects.entry(event.stream)
    if (entry !== undefined && !isSystemEvent(event)) {
      this.#applyToEntry(entry, event)
      return
    }
    const keyed = keyedUid(event.stream)
    if (keyed !== undefined) this.#applyToKey(keyed, event)
    if (keyed !== undefined || isSystemEvent(event)) return
    if (event.stream === clusterStream) {
      this.#cluster = clusterOf(event)
      return
    }
    const parts = [this.notes, this.reservations, this.quotaClaims]
    if (parts.some((part) => part.apply(event))) return
    const ref = refOf(event.stream)
    const resource = ref && this.resources.named(ref.resourceId)
    if (ref && resource) this.#applyToObject(resource, ref, event)
  }

  /** The next call ends the previous iteration. */
  snapshot(): Iterable<SavedRecord> {
    const head = {
      position: this.#position === undefined ? null : String(this.#position),
      lastEventId: this.#lastEventId,
      cluster: this.#cluster ?? null,
    }
    const [reservations, keys] = [this.reservations.snapshot(), this.keys.snapshot()]
    const objects = Iterator.from(this.#objects.asOfNow()).map(
      ([stream, stored]) => [stream, savedObject(this.keys, stream, stored)] as const,
    )
    return savedRecords({ head, reservations, claims: this.quotaClaims.snapshot(), keys, objects })
  }

  /** Data keys are read from the log only, so that they can be destroyed. */
  isWithheld({ stream }: RecordedEvent): boolean {
    return keyedUid(stream) !== undefined
  }

  supersedes(event: RecordedEvent): boolean {
    return supersedes(event, this.#objects.entry(event.stream), this.resources)
  }

  restore(record: unknown): void {
    const saved = savedRecordIn(record)
    if ('head' in saved) {
      const { position, lastEventId, cluster } = saved.head
      this.#position = position === null ? undefined : BigInt(position)
      this.#lastEventId = lastEventId
      this.#cluster = cluster ? clusterOf({ id: cluster.founded, data: cluster }) : undefined
    } else if ('reservation' in saved) this.reservations.restore(saved.reservation)
    else if ('claims' in saved) this.quotaClaims.restore(saved.claims)
    else if ('key' in saved) this.keys.restore(saved.key)
    else this.#restoreObject(saved.object)
  }

  #restoreObject([stream, saved]: SavedEntry): void {
    const id = refOf(stream)?.resourceId ?? ''
    const resource = this.resources.named(id)
    if (!resource) {
      if (!this.resources.named(definitionsId)) return
      this.#undefined.set(id, [...(this.#undefined.get(id) ?? []), [stream, saved]])
      return
    }
    const [revision, position] = [BigInt(saved.revision), BigInt(saved.position)]
    const stored = loadedObject(this.keys, stream, { ...saved, revision, position })
    this.#objects.put(resource, stream, stored)
    this.#define({ after: stored.object })
  }

  /** A definition changes which kinds are served. */
  #define(change: { before?: KubernetesObject; after?: KubernetesObject | undefined }): void {
    const id = this.#defines ? defineCustom(this.resources, change) : undefined
    if (id === undefined || !this.resources.named(id)) return
    const waiting = this.#undefined.get(id) ?? []
    this.#undefined.delete(id)
    for (const entry of waiting) this.#restoreObject(entry)
  }

  /** An event of an object that does not exist, or whose name differs from that of its stream. */
  #applyToObject(resource: Resource, ref: ObjectRef, event: RecordedEvent): void {
    const stream = streamOf(resource, ref.namespace, ref.name)
    const entry = this.#objects.entry(stream)
    if (entry !== undefined) {
      this.#applyToEntry(entry, event)
      return
    }
    const stored = this.folded(event) ?? this.#folds.of(resource).evolve(undefined, event)
    if (stored === undefined) return
    this.#objects.put(resource, stream, stored)
    this.#define({ after: stored.object })
    this.#notify({ type: 'ADDED', resource, stored, event })
  }

  #applyToEntry(entry: Entry, event: RecordedEvent): void {
    const { resource, stored: before } = entry
    const after = this.folded(event) ?? this.#folds.of(resource).evolve(before, event)
    if (after) this.#objects.change(entry, after)
    else this.#objects.remove(entry.stream)
    this.#define({ before: before.object, after: after?.object })
    const type = after ? 'MODIFIED' : 'DELETED'
    this.#notify({ type, resource, stored: after ?? before, before, event })
  }

  #notify(change: ObjectChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  /** When its key is destroyed, an object becomes closed, as in a fresh fold. */
  #applyToKey(uid: string, event: RecordedEvent): void {
    const stream = this.keys.streamOf(uid) ?? ''
    this.keys.apply(event)
    const stored = this.#objects.get(stream)
    if (stored?.sealed !== 'Open' || stored.object.metadata.uid !== uid || this.keys.has(uid))
      return
    const resource = this.resources.named(refOf(stream)?.resourceId ?? '')
    if (resource) this.#objects.put(resource, stream, closed(stored, stream))
  }

  #of(resource: Resource): Collection {
    this.#assertKept(resource)
    return this.#objects.of(resource)
  }

  #assertKept(resource: Resource): void {
    if (!this.resources.mayHave(resource)) throw new Error(`this view keeps no ${resource.plural}`)
  }
}
