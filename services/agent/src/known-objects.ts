import type { NodeChange, NodeListener, NodeUpsert } from '@reckon/domain'
import type { Cause } from '@reckon/eventing'
import type {
  ConfigMap,
  EndpointSlice,
  KubernetesObject,
  Node,
  Pod,
  Service,
} from '@reckon/kubernetes'

/** What the node was told of an object, and the event by which it was told. */
export type Known<T extends KubernetesObject = KubernetesObject> = { object: T; cause: Cause }

/** Is told of each change after it was applied; `before` and `after` are absent where there was or is nothing. */
export type ObjectListener = (change: {
  resource: string
  before: Known | undefined
  after: Known | undefined
  position: bigint
}) => void

/** Everything that the node may know, as of one position. */
export class KnownObjects implements NodeListener {
  /** Whether anything was ever told: before, an unknown pod may be wanted. */
  isRead = false
  /** The id of the cluster, once it was told. */
  cluster: string | undefined
  readonly #objects = new Map<string, Map<string, Known>>()
  readonly #listeners = new Set<ObjectListener>()
  readonly #reads = new Set<() => void>()

  get<T extends KubernetesObject>(resource: string, namespace: string, name: string) {
    return this.#objects.get(resource)?.get(`${namespace}/${name}`) as Known<T> | undefined
  }

  list<T extends KubernetesObject>(resource: string): readonly Known<T>[] {
    return [...(this.#objects.get(resource)?.values() ?? [])] as unknown as Known<T>[]
  }

  configMap = (namespace: string, name: string): ConfigMap | undefined =>
    this.get<ConfigMap>('configmaps', namespace, name)?.object

  services = (): readonly Service[] => this.list<Service>('services').map(({ object }) => object)

  pods = (): readonly Known<Pod>[] => this.list<Pod>('pods')

  endpointSlices = (): readonly EndpointSlice[] =>
    this.list<EndpointSlice>('endpointslices.discovery.k8s.io').map(({ object }) => object)

  node = (name: string): Node | undefined => this.get<Node>('nodes', '', name)?.object

  onEachChange(listener: ObjectListener): void {
    this.#listeners.add(listener)
  }

  /** Called after each read of everything. */
  onEachRead(listener: () => void): void {
    this.#reads.add(listener)
  }

  onState(position: bigint, state: { cluster: string; objects: readonly NodeUpsert[] }): void {
    this.cluster = state.cluster
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

  #upsert({ resource, object, cause }: NodeUpsert, position: bigint): void {
    const key = keyOf(object)
    const before = this.#objects.get(resource)?.get(key)
    if (before?.object.metadata.resourceVersion === object.metadata.resourceVersion && before)
      return
    this.#set(resource, key, { object, cause }, position, before)
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
