import assert from 'node:assert/strict'
import type { Cause } from '@reckon/eventing/bus'
import {
  type ConfigMap,
  configMaps,
  type EndpointSlice,
  endpointSlices,
  holds,
  type KubernetesObject,
  type Node,
  nodes,
  objectKey,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  type Resource,
  resourceId,
  type Secret,
  type Service,
  secrets,
  services,
} from '@reckon/kubernetes'
import {
  type ClosedSecrets,
  type NodeChange,
  type NodeListener,
  type NodeSettings,
  type NodeState,
  type NodeUpsert,
  type NodeWireName,
  wireOf,
} from '@reckon/node-plane'

/** An object as the node knows it, and the event from which it does. */
export type CachedObject<T extends KubernetesObject = KubernetesObject> = {
  object: T
  cause: Cause
  /** A Secret of which only the version is known so far. */
  isClosed?: true
}

/** A change that was applied; `before` or `after` is absent where the object did not or does not exist. */
export type CacheChange<T extends KubernetesObject = KubernetesObject> = {
  before: CachedObject<T> | undefined
  after: CachedObject<T> | undefined
  position: bigint
}

/**
 * The resources that an agent keeps. Its node's wire also serves the machine's proxy and contains, above all, the place
 * of every other node: a million objects for a thousand nodes in one process.
 */
const kept: ReadonlySet<string> = new Set(
  [
    ...[nodes, pods, configMaps, secrets, persistentVolumeClaims, persistentVolumes],
    ...[services, endpointSlices],
  ].map(resourceId),
)

function keptId(resource: Resource): string {
  const id = resourceId(resource)
  assert.ok(kept.has(id), `an agent keeps no ${id}`)
  return id
}

/** Everything that the agent keeps of what its node may know; each wire is as of one position. */
export class ObjectCache implements ClosedSecrets {
  /** The cluster's id and founding settings, once known. */
  cluster: string | undefined
  settings: NodeSettings | undefined
  /** How often the node is to send its heartbeat. */
  heartbeatSeconds = 1
  /** The wires that were read completely once. */
  readonly #read = new Set<NodeWireName>()
  readonly #objects = new Map<string, Map<string, CachedObject>>()
  readonly #listeners = new Map<string, Set<(change: CacheChange) => void>>()
  readonly #reads = new Set<() => void>()

  /** Whether everything was read once: before that, an unknown pod may still be wanted. */
  get isRead(): boolean {
    return this.#read.has('Shared') && this.#read.has('Own')
  }

  /** The number of objects kept. */
  get size(): number {
    return this.#objects.values().reduce((sum, { size }) => sum + size, 0)
  }

  /** Receives the changes of a wire. */
  listener = (wire: NodeWireName): NodeListener => ({
    onState: (state) => this.#replace(wire, state),
    onChanges: (position, changes) => this.#apply(position, changes),
  })

  get<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
  ): CachedObject<T> | undefined {
    const known = this.#objects.get(keptId(resource))?.get(objectKey({ namespace, name }))
    return ofKind(resource, known)
  }

  list<T extends KubernetesObject>(resource: Resource<T>): readonly CachedObject<T>[] {
    const known = this.#objects.get(keptId(resource))?.values() ?? []
    return Array.from(known).filter((each) => holds(resource, each))
  }

  secret = (namespace: string, name: string): Secret | undefined => {
    const known = this.get(secrets, namespace, name)
    return known?.isClosed ? undefined : known?.object
  }

  /** Whether the Secret exists, with or without its value. */
  hasSecret = (namespace: string, name: string): boolean =>
    this.get(secrets, namespace, name) !== undefined

  configMap = (namespace: string, name: string): ConfigMap | undefined =>
    this.get(configMaps, namespace, name)?.object

  claim = (namespace: string, name: string): PersistentVolumeClaim | undefined =>
    this.get(persistentVolumeClaims, namespace, name)?.object

  persistentVolume = (name: string): PersistentVolume | undefined =>
    this.get(persistentVolumes, '', name)?.object

  services = (): readonly Service[] => this.list(services).map(({ object }) => object)

  pods = (): readonly CachedObject<Pod>[] => this.list(pods)

  endpointSlices = (): readonly EndpointSlice[] =>
    this.list(endpointSlices).map(({ object }) => object)

  node = (name: string): Node | undefined => this.get(nodes, '', name)?.object

  /** The Secrets whose value is not known. */
  closedSecrets(): readonly Secret[] {
    return this.list(secrets).flatMap(({ object, isClosed }) => (isClosed ? [object] : []))
  }

  /** Stores the value of a Secret, if its version is still current. */
  openSecret(secret: Secret): void {
    const key = objectKey(secret.metadata)
    const before = this.#objects.get('secrets')?.get(key)
    const { resourceVersion } = secret.metadata
    if (!before?.isClosed || before.object.metadata.resourceVersion !== resourceVersion) return
    const position = BigInt(resourceVersion ?? 0)
    this.#set('secrets', key, { object: secret, cause: before.cause }, position, before)
  }

  /** Also called for the Node, because values can be sealed to it once it has its key. */
  onSecrets(listener: () => void): void {
    this.onEachChange(secrets, listener)
    this.onEachChange(nodes, listener)
  }

  /** Calls the listener after each change of an object of this resource. */
  onEachChange<T extends KubernetesObject>(
    resource: Resource<T>,
    listener: (change: CacheChange<T>) => void,
  ): void {
    const id = keptId(resource)
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners)
    listeners.add(({ before, after, position }) => {
      listener({ before: ofKind(resource, before), after: ofKind(resource, after), position })
    })
  }

  /** Resolves once everything was read, or the signal aborts. */
  async firstRead(signal: AbortSignal): Promise<void> {
    if (this.isRead || signal.aborted) return
    const read = Promise.withResolvers<void>()
    this.#reads.add(read.resolve)
    signal.addEventListener('abort', () => read.resolve(), { once: true })
    await read.promise
    this.#reads.delete(read.resolve)
  }

  /** Calls the listener after each read of a wire, once both were read. */
  onEachRead(listener: () => void): void {
    this.#reads.add(listener)
  }

  #replace(wire: NodeWireName, state: NodeState): void {
    const { position, cluster, settings, heartbeatSeconds = 1, objects } = state
    this.cluster = cluster
    this.settings = settings
    this.heartbeatSeconds = heartbeatSeconds
    const present = new Set(
      objects.map(({ resource, object }) => `${resource} ${objectKey(object.metadata)}`),
    )
    for (const [resource, known] of this.#objects) {
      if (wireOf(resource) !== wire) continue
      for (const [key, before] of known) {
        if (!present.has(`${resource} ${key}`)) {
          this.#set(resource, key, undefined, position, before)
        }
      }
    }
    for (const upsert of objects) this.#upsert(upsert, position)
    this.#read.add(wire)
    if (this.isRead) for (const listener of this.#reads) listener()
  }

  #apply(position: bigint, changes: readonly NodeChange[]): void {
    for (const change of changes) {
      if (change.type === 'Upsert') {
        this.#upsert(change, position)
        continue
      }
      const key = objectKey(change)
      const before = this.#objects.get(change.resource)?.get(key)
      if (before?.object.metadata.uid !== change.uid) continue
      this.#set(change.resource, key, undefined, position, before)
    }
  }

  #upsert({ resource, object, cause }: NodeUpsert, position: bigint): void {
    if (!kept.has(resource)) return
    const key = objectKey(object.metadata)
    const before = this.#objects.get(resource)?.get(key)
    if (before?.object.metadata.resourceVersion === object.metadata.resourceVersion && before)
      return
    const known: CachedObject =
      resource === 'secrets' ? { object, cause, isClosed: true } : { object, cause }
    this.#set(resource, key, known, position, before)
  }

  #set(
    resource: string,
    key: string,
    after: CachedObject | undefined,
    position: bigint,
    before: CachedObject | undefined,
  ): void {
    const objects = this.#objects.get(resource) ?? new Map<string, CachedObject>()
    this.#objects.set(resource, objects)
    if (after === undefined) objects.delete(key)
    else objects.set(key, after)
    for (const listener of this.#listeners.get(resource) ?? []) {
      listener({ before, after, position })
    }
  }
}

const ofKind = <T extends KubernetesObject>(
  resource: Resource<T>,
  known: CachedObject | undefined,
): CachedObject<T> | undefined => (known && holds(resource, known) ? known : undefined)
