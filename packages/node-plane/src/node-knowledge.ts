import type { Cause } from '@reckon/eventing/bus'
import {
  configMaps,
  endpointSlices,
  holds,
  ingressClasses,
  ingresses,
  type KubernetesObject,
  namedBy,
  namesOf,
  nodes,
  objectKey,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  type Resource,
  resourceId,
  secrets,
  services,
} from '@reckon/kubernetes'
import { certificatesOf, isEdge } from './edge-node.ts'
import { NamedObjects } from './named-objects.ts'
import { changeOf, removal, upsert, type ViewChange, type ViewObject } from './node-changes.ts'
import type { NodeChange, NodeUpsert, NodeWireName } from './node-message.ts'
import { isSamePlace, placesId } from './node-place.ts'
import { isNodeName } from './node-subjects.ts'
import { homeOf, volumeKeyOf } from './node-volumes.ts'
import type { NodeWireMessage } from './node-wire.ts'

/** The part of the view that is needed here. */
export interface ObjectView {
  readonly position: bigint | undefined
  get(resource: Resource, namespace: string, name: string): ViewObject | undefined
  list<T extends KubernetesObject>(resource: Resource<T>): readonly ViewObject<T>[]
  podsOn(node: string): readonly ViewObject<Pod>[]
}

/** The resources that every node may know, whatever runs on it. */
const sharedResources: readonly Resource[] = [services, endpointSlices, ingresses, ingressClasses]
const sharedIds = [...sharedResources.map(resourceId), placesId]

/** Which of a node's wires a resource is published on. */
export const wireOf = (resource: string): NodeWireName =>
  sharedIds.includes(resource) ? 'Shared' : 'Own'

/**
 * Decides which node may know what. It starts from a view of all objects, and for each later change returns the
 * messages for the wires of nodes. The same changes give the same messages, so several apis may publish them. An api
 * that started later has seen less of the past, so it may make a node read once more than necessary.
 */
export class NodeKnowledge {
  readonly #view: ObjectView
  readonly #nodes: Set<string>
  readonly #began: bigint
  /** The last message on each node's own wire; kept when the node is gone, because it may come back. */
  readonly #last = new Map<string, bigint>()
  #lastShared: bigint
  /** Named by pods and, on edges, by Ingresses. */
  readonly #named = new NamedObjects()
  readonly #edges = new Set<string>()

  constructor(view: ObjectView) {
    this.#view = view
    this.#began = view.position ?? 0n
    this.#lastShared = this.#began
    const names = view.list(nodes).map(({ object }) => object.metadata.name)
    this.#nodes = new Set(names.filter(isNodeName))
    for (const resource of storageResources) {
      for (const known of view.list(resource))
        this.#namedNow(homeNode(known), [keyOf(resource, known)])
    }
    for (const { object } of view.list(pods)) this.#namedNow(object.spec.nodeName, namedBy(object))
    for (const { object } of view.list(nodes)) {
      if (isEdge(object) && isNodeName(object.metadata.name)) this.#becomeEdge(object.metadata.name)
    }
  }

  /** The position of the last message on a node's own wire. */
  last(node: string): bigint {
    return this.#last.get(node) ?? this.#began
  }

  /** The position of the last message on the shared wire. */
  get lastShared(): bigint {
    return this.#lastShared
  }

  /** All nodes. */
  nodes(): readonly string[] {
    return [...this.#nodes]
  }

  /** Everything that all nodes may know now. */
  readShared(): readonly NodeUpsert[] {
    const shared = sharedResources.flatMap((resource) =>
      this.#view.list(resource).map((known) => upsert(resourceId(resource), known)),
    )
    return [...shared, ...this.#view.list(nodes).map((known) => upsert(placesId, known))]
  }

  /** Everything that only this node may know now. */
  readOwn(node: string): readonly NodeUpsert[] {
    const own = this.#view.get(nodes, '', node)
    const named = this.#named.of(node).flatMap((key) => {
      const known = this.#find(key)
      return known ? [upsert(resourceOf(key), known)] : []
    })
    const bound = this.#view.podsOn(node).map((known) => upsert('pods', known))
    return [...(own ? [upsert('nodes', own)] : []), ...named, ...bound]
  }

  /** The Secret, if a pod of the node names it, or on an edge an Ingress. */
  secret(node: string, namespace: string, name: string): KubernetesObject | undefined {
    const key = `secrets ${objectKey({ namespace, name })}`
    return this.#named.has(node, key) ? this.#find(key)?.object : undefined
  }

  /** The messages that follow from a change. Call once for each change, in order, with the view as of that change. */
  apply(change: ViewChange): readonly NodeWireMessage[] {
    const id = resourceId(change.resource)
    if (wireOf(id) === 'Shared') return [this.#shared(change, id), ...this.#ofIngress(change)]
    if (id === 'nodes') return this.#ofNode(change)
    if (id === 'pods') return this.#ofPod(change)
    if (id === 'configmaps' || id === 'secrets') return this.#ofNamed(change, id)
    if (storageIds.includes(id)) return this.#ofStorage(change, id)
    return []
  }

  #shared(change: ViewChange, id: string): NodeWireMessage {
    const { position } = change
    const previous = this.#lastShared
    this.#lastShared = position
    return { position, previous, changes: [changeOf(id, change)] }
  }

  #ofNode(change: ViewChange): readonly NodeWireMessage[] {
    const node = change.stored.object.metadata.name
    if (!isNodeName(node)) return []
    if (change.type === 'DELETED') this.#nodes.delete(node)
    else this.#nodes.add(node)
    const changes = [changeOf('nodes', change), ...this.#ofEdge(node, change)]
    return [this.#own(node, change, changes), ...this.#ofPlace(change)]
  }

  /** All nodes are told when the pods of a node are in another place. */
  #ofPlace(change: ViewChange): readonly NodeWireMessage[] {
    const { type, stored, before } = change
    if (!holds(nodes, stored)) return []
    const was = before && holds(nodes, before) ? before.object : undefined
    const isSame = type !== 'DELETED' && was !== undefined && isSamePlace(was, stored.object)
    return isSame ? [] : [this.#shared(change, placesId)]
  }

  /** The messages about certificates for a node that has become an edge, or is none any more. */
  #ofEdge(node: string, { type, stored, cause }: ViewChange): readonly NodeChange[] {
    const isNow = type !== 'DELETED' && holds(nodes, stored) && isEdge(stored.object)
    if (isNow === this.#edges.has(node)) return []
    if (isNow) return this.#becomeEdge(node).flatMap((key) => this.#upsert(key))
    this.#edges.delete(node)
    const ended = this.#view
      .list(ingresses)
      .flatMap(({ object }) => this.#namedNoMore(node, certificatesOf(object)))
    return ended.flatMap((key) => this.#removal(key, cause))
  }

  /** Returns those that the node has not been told of before. */
  #becomeEdge(node: string): readonly string[] {
    this.#edges.add(node)
    return this.#view
      .list(ingresses)
      .flatMap(({ object }) => this.#namedNow(node, certificatesOf(object)))
  }

  #ofIngress(change: ViewChange): readonly NodeWireMessage[] {
    const { type, stored, before, cause } = change
    if (!holds(ingresses, stored)) return []
    const now = type === 'DELETED' ? new Set<string>() : certificatesOf(stored.object)
    const was =
      before && holds(ingresses, before) ? certificatesOf(before.object) : new Set<string>()
    return [...this.#edges].flatMap((node) => {
      const begun = this.#namedNow(node, now.difference(was)).flatMap((key) => this.#upsert(key))
      const ended = this.#namedNoMore(node, was.difference(now))
      const changes = [...begun, ...ended.flatMap((key) => this.#removal(key, cause))]
      return changes.length === 0 ? [] : [this.#own(node, change, changes)]
    })
  }

  #ofPod(change: ViewChange): readonly NodeWireMessage[] {
    const { type, stored, before, cause } = change
    if (!holds(pods, stored)) return []
    const was = before && holds(pods, before) ? before.object : undefined
    const is = stored.object
    const node = is.spec.nodeName ?? was?.spec.nodeName
    if (!node || !isNodeName(node)) return []
    const named = new Set(type === 'DELETED' ? [] : namedBy(is))
    const namedBefore = new Set(was?.spec.nodeName === node ? namedBy(was) : [])
    const begun = this.#namedNow(node, named.difference(namedBefore))
    const ended = this.#namedNoMore(node, namedBefore.difference(named))
    const changes = [
      ...begun.flatMap((key) => this.#upsert(key)),
      changeOf('pods', change),
      ...ended.flatMap((key) => this.#removal(key, cause)),
    ]
    return [this.#own(node, change, changes)]
  }

  #ofNamed(change: ViewChange, id: string): readonly NodeWireMessage[] {
    const { namespace = '', name } = change.stored.object.metadata
    const nodes = this.#named.nodesOf(`${id} ${objectKey({ namespace, name })}`)
    return nodes.map((node) => this.#own(node, change, [changeOf(id, change)]))
  }

  /**
   * The objects that pods name, or that the node must create or remove; with a claim comes the volume that it names.
   */
  #ofStorage(change: ViewChange, id: string): readonly NodeWireMessage[] {
    const { type, resource, stored, before, cause } = change
    const key = keyOf(resource, stored)
    const now = type === 'DELETED' ? undefined : stored
    const [wasHome, isHome] = [homeNode(before), homeNode(now)]
    const knewIt = new Set(this.#named.nodesOf(key))
    if (wasHome !== isHome) {
      if (isHome) this.#named.count(isHome, key, 1)
      if (wasHome) this.#named.count(wasHome, key, -1)
    }
    const knowsIt = new Set(this.#named.nodesOf(key))
    return [...knewIt.union(knowsIt)].map((node) => {
      const was = knewIt.has(node) ? volumeKeyOf(before) : undefined
      const is = knowsIt.has(node) ? volumeKeyOf(now) : undefined
      const [begun, ended] = was === is ? [[], []] : [is ? [is] : [], was ? [was] : []]
      return this.#own(node, change, [
        ...this.#namedNow(node, begun).flatMap((each) => this.#upsert(each)),
        knowsIt.has(node) ? changeOf(id, change) : removal(id, stored.object, cause),
        ...this.#namedNoMore(node, ended).flatMap((each) => this.#removal(each, cause)),
      ])
    })
  }

  #own(node: string, { position }: ViewChange, changes: readonly NodeChange[]): NodeWireMessage {
    const previous = this.last(node)
    this.#last.set(node, position)
    return { node, position, previous, changes }
  }

  /** One more pod or Ingress on the node names these; returns those that none named before. */
  #namedNow(node: string | undefined, keys: Iterable<string>): readonly string[] {
    if (!node || !isNodeName(node)) return []
    const begun = [...keys].filter((key) => this.#named.count(node, key, 1) === 1)
    const volumes = begun.flatMap((key) => volumeKeyOf(this.#find(key)) ?? [])
    return volumes.length === 0 ? begun : [...this.#namedNow(node, volumes), ...begun]
  }

  /** One less names these; returns those that none names any more. */
  #namedNoMore(node: string, keys: Iterable<string>): readonly string[] {
    const ended = [...keys].filter((key) => this.#named.count(node, key, -1) === 0)
    const volumes = ended.flatMap((key) => volumeKeyOf(this.#find(key)) ?? [])
    return volumes.length === 0 ? ended : [...ended, ...this.#namedNoMore(node, volumes)]
  }

  #upsert(key: string): readonly NodeChange[] {
    const found = this.#find(key)
    return found ? [upsert(resourceOf(key), found)] : []
  }

  #removal(key: string, cause: Cause): readonly NodeChange[] {
    const found = this.#find(key)
    return found ? [removal(resourceOf(key), found.object, cause)] : []
  }

  #find(key: string): ViewObject | undefined {
    const [id, path = ''] = key.split(' ')
    const resource = namedResources.find((each) => resourceId(each) === id)
    return resource && this.#view.get(resource, ...namesOf(path))
  }
}

const storageResources: readonly Resource[] = [persistentVolumeClaims, persistentVolumes]
const storageIds = storageResources.map(resourceId)
/** The objects that pods name. */
const namedResources: readonly Resource[] = [configMaps, secrets, ...storageResources]

const keyOf = (resource: Resource, { object }: ViewObject): string =>
  `${resourceId(resource)} ${objectKey(object.metadata)}`

const homeNode = (known: ViewObject | undefined): string | undefined => {
  const home = known && homeOf(known)
  return home !== undefined && isNodeName(home) ? home : undefined
}

const resourceOf = (key: string): string => key.slice(0, key.indexOf(' '))
