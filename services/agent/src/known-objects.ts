import type { Cause } from '@reckon/eventing'
import type {
  ConfigMap,
  EndpointSlice,
  KubernetesObject,
  Node,
  Pod,
  Secret,
  Service,
} from '@reckon/kubernetes'
import type {
  NodeChange,
  NodeListener,
  NodeSettings,
  NodeState,
  NodeUpsert,
  SealedForNode,
} from '@reckon/node-plane'

/** What the node was told of an object, and the event by which it was told. */
export type Known<T extends KubernetesObject = KubernetesObject> = {
  object: T
  cause: Cause
  /** A Secret of which only the version is known yet. */
  isClosed?: true
}

/** Is told of each change after it was applied; `before` and `after` are absent where there was or is nothing. */
export type ObjectListener = (change: {
  resource: string
  before: Known | undefined
  after: Known | undefined
  position: bigint
}) => void

/** Opens what was sealed to this node; undefined where it cannot. */
export type OpenSecret = (sealed: SealedForNode, secret: KubernetesObject) => Secret | undefined

/** Everything that the node may know, as of one position. */
export class KnownObjects implements NodeListener {
  /** Whether anything was ever told: before, an unknown pod may be wanted. */
  isRead = false
  /** The id of the cluster, and what was decided when it was founded; once they were told. */
  cluster: string | undefined
  settings: NodeSettings | undefined
  readonly #open: OpenSecret | undefined
  readonly #objects = new Map<string, Map<string, Known>>()
  readonly #listeners = new Set<ObjectListener>()
  readonly #reads = new Set<() => void>()

  /** Without a way to open them, Secrets are known by name only. */
  constructor(open?: OpenSecret) {
    this.#open = open
  }

  get<T extends KubernetesObject>(resource: string, namespace: string, name: string) {
    return this.#objects.get(resource)?.get(`${namespace}/${name}`) as Known<T> | undefined
  }

  list<T extends KubernetesObject>(resource: string): readonly Known<T>[] {
    return [...(this.#objects.get(resource)?.values() ?? [])] as unknown as Known<T>[]
  }

  secret = (namespace: string, name: string): Secret | undefined => {
    const known = this.get<Secret>('secrets', namespace, name)
    return known?.isClosed ? undefined : known?.object
  }

  configMap = (namespace: string, name: string): ConfigMap | undefined =>
    this.get<ConfigMap>('configmaps', namespace, name)?.object

  services = (): readonly Service[] => this.list<Service>('services').map(({ object }) => object)

  pods = (): readonly Known<Pod>[] => this.list<Pod>('pods')

  endpointSlices = (): readonly EndpointSlice[] =>
    this.list<EndpointSlice>('endpointslices.discovery.k8s.io').map(({ object }) => object)

  node = (name: string): Node | undefined => this.get<Node>('nodes', '', name)?.object

  /** Values of Secrets come with reads only, once the node's own key is recorded. */
  needsRead(changes: readonly NodeChange[]): boolean {
    if (this.#open === undefined) return false
    const mayHelp = changes.some(
      ({ type, resource }) => type === 'Upsert' && (resource === 'secrets' || resource === 'nodes'),
    )
    return mayHelp && this.list('secrets').some(({ isClosed }) => isClosed)
  }

  onEachChange(listener: ObjectListener): void {
    this.#listeners.add(listener)
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

  /** Called after each read of everything. */
  onEachRead(listener: () => void): void {
    this.#reads.add(listener)
  }

  onState(position: bigint, state: NodeState): void {
    this.cluster = state.cluster
    this.settings = state.settings
    const present = new Set(
      state.objects.map(({ resource, object }) => `${resource} ${keyOf(object)}`),
    )
    for (const [resource, objects] of this.#objects) {
      for (const [key, known] of objects) {
        if (!present.has(`${resource} ${key}`)) this.#set(resource, key, undefined, position, known)
      }
    }
    for (const upsert of state.objects) this.#upsert(upsert, position)
    this.isRead = true
    for (const listener of this.#reads) listener()
  }

  onChanges(position: bigint, changes: readonly NodeChange[]): void {
    for (const change of changes) {
      if (change.type === 'Upsert') {
        this.#upsert(change, position)
        continue
      }
      const key = `${change.namespace}/${change.name}`
      const before = this.#objects.get(change.resource)?.get(key)
      if (before?.object.metadata.uid !== change.uid) continue
      this.#set(change.resource, key, undefined, position, before)
    }
  }

  #upsert(upsert: NodeUpsert, position: bigint): void {
    const { resource, object } = upsert
    const key = keyOf(object)
    const before = this.#objects.get(resource)?.get(key)
    const isSame = before?.object.metadata.resourceVersion === object.metadata.resourceVersion
    if (before && isSame && !(before.isClosed && upsert.sealed)) return
    this.#set(resource, key, this.#knownBy(upsert), position, before)
  }

  #knownBy({ resource, object, cause, sealed }: NodeUpsert): Known {
    if (resource !== 'secrets') return { object, cause }
    const opened = sealed && this.#open?.(sealed, object)
    return opened ? { object: opened, cause } : { object, cause, isClosed: true }
  }

  #set(
    resource: string,
    key: string,
    after: Known | undefined,
    position: bigint,
    before: Known | undefined,
  ): void {
    const objects = this.#objects.get(resource) ?? new Map<string, Known>()
    this.#objects.set(resource, objects)
    if (after === undefined) objects.delete(key)
    else objects.set(key, after)
    for (const listener of this.#listeners) listener({ resource, before, after, position })
  }
}

const keyOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`
