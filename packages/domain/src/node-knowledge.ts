import type { Cause } from '@reckon/eventing'
import type { KubernetesObject, Pod } from '@reckon/kubernetes'
import { resourceId } from '@reckon/kubernetes'
import {
  type NodeChange,
  type NodeUpsert,
  publicKeyAnnotation,
  type SealedForNode,
  withoutValue,
} from '@reckon/node-plane'
import { namedBy } from './named-by.ts'
import { causeOf, type StoredObject } from './stored-object.ts'
import type { ObjectChange, Objects } from './views/objects.ts'

/** One message for the wire of one node. */
export type NodeWireMessage = {
  node: string
  position: bigint
  /** The position of the message before it on this node's wire. */
  previous: bigint
  changes: readonly NodeChange[]
}

/** Seals a Secret to the key of a node; undefined where that has none. */
export type SealForNode = (
  publicKey: string,
  node: string,
  secret: KubernetesObject,
) => SealedForNode | undefined

/** What every node may know, whatever runs on it. */
const known = [
  'services',
  'endpointslices.discovery.k8s.io',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
]

/**
 * Which node may know what. Begins with a view of all objects as it is and answers for each later change what that
 * means for each node's wire. The same changes give the same messages, so several apis may publish them; one that
 * began later knows less of what came before, and so lets a node read once more than it had to.
 */
export class NodeKnowledge {
  readonly #objects: Objects
  readonly #nodes: Set<string>
  /** The last message of each node's own; kept when the node is gone, for it may come again. */
  readonly #last = new Map<string, bigint>()
  /** The last message that went to every node. */
  #lastForAll: bigint
  /** By node, then `resource namespace/name`: by how many pods on that node the ConfigMap or Secret is named. */
  readonly #named = new Map<string, Map<string, number>>()

  constructor(objects: Objects) {
    this.#objects = objects
    this.#lastForAll = objects.position ?? 0n
    this.#nodes = new Set(objects.list('nodes').map(({ object }) => object.metadata.name))
    for (const { object } of objects.list<Pod>('pods')) {
      const { nodeName } = object.spec
      if (nodeName) for (const key of namedBy(object)) this.#count(nodeName, key, 1)
    }
  }

  /** The position of the last message of a node's wire. */
  last(node: string): bigint {
    const own = this.#last.get(node) ?? 0n
    return own > this.#lastForAll ? own : this.#lastForAll
  }

  /** Every node that there is. */
  nodes(): readonly string[] {
    return [...this.#nodes]
  }

  /** Everything that a node may know now; of Secrets what `seal` makes of them for it. */
  read(node: string, seal?: SealForNode): readonly NodeUpsert[] {
    const own = this.#objects.get('nodes', '', node)
    const pods = this.#objects.list<Pod>('pods').filter(({ object }) => isOn(object, node))
    const publicKey = own?.object.metadata.annotations?.[publicKeyAnnotation] ?? ''
    const named = [...(this.#named.get(node)?.keys() ?? [])].flatMap((key) => {
      const stored = this.#find(key)
      if (!stored) return []
      const told = upsert(resourceOf(key), stored)
      const sealed = resourceOf(key) === 'secrets' && seal?.(publicKey, node, stored.object)
      return [sealed ? { ...told, sealed } : told]
    })
    return [
      ...(own ? [upsert('nodes', own)] : []),
      ...named,
      ...pods.map((stored) => upsert('pods', stored)),
      ...known.flatMap((id) => this.#objects.list(id).map((stored) => upsert(id, stored))),
    ]
  }

  /** What a change means for the nodes. To be called once for each change, in order, with the view at that change. */
  apply(change: ObjectChange): readonly NodeWireMessage[] {
    const id = resourceId(change.resource)
    if (known.includes(id)) return this.#forAll(change, id)
    if (id === 'nodes') return this.#ofNode(change)
    if (id === 'pods') return this.#ofPod(change)
    if (id === 'configmaps' || id === 'secrets') return this.#ofNamed(change, id)
    return []
  }

  #forAll(change: ObjectChange, id: string): readonly NodeWireMessage[] {
    const { position } = change.event
    const messages = this.nodes().map((node) => {
      return { node, position, previous: this.last(node), changes: [changeOf(id, change)] }
    })
    this.#lastForAll = position
    return messages
  }

  #ofNode(change: ObjectChange): readonly NodeWireMessage[] {
    const node = change.stored.object.metadata.name
    if (change.type === 'DELETED') this.#nodes.delete(node)
    else this.#nodes.add(node)
    return [this.#message(node, change, [changeOf('nodes', change)])]
  }

  #ofPod(change: ObjectChange): readonly NodeWireMessage[] {
    const { type, stored, before, event } = change
    const [was, is] = [before?.object as Pod | undefined, stored.object as Pod]
    const node = is.spec.nodeName ?? was?.spec.nodeName
    if (!node) return []
    const named = new Set(type === 'DELETED' ? [] : namedBy(is))
    const namedBefore = new Set(was && isOn(was, node) ? namedBy(was) : [])
    const cause = causeOf(event)
    const changes: NodeChange[] = []
    for (const key of named) {
      if (namedBefore.has(key) || this.#count(node, key, 1) > 1) continue
      const found = this.#find(key)
      if (found) changes.push(upsert(resourceOf(key), found))
    }
    changes.push(changeOf('pods', change))
    for (const key of namedBefore) {
      if (named.has(key) || this.#count(node, key, -1) > 0) continue
      const found = this.#find(key)
      if (found) changes.push(removal(resourceOf(key), found.object, cause))
    }
    return [this.#message(node, change, changes)]
  }

  #ofNamed(change: ObjectChange, id: string): readonly NodeWireMessage[] {
    const { namespace = '', name } = change.stored.object.metadata
    const key = `${id} ${namespace}/${name}`
    return [...this.#named]
      .filter(([, named]) => named.has(key))
      .map(([node]) => this.#message(node, change, [changeOf(id, change)]))
  }

  #message(
    node: string,
    { event: { position } }: ObjectChange,
    changes: readonly NodeChange[],
  ): NodeWireMessage {
    const previous = this.last(node)
    this.#last.set(node, position)
    return { node, position, previous, changes }
  }

  /** How many pods of the node name the object, after one more or one less does. */
  #count(node: string, key: string, difference: 1 | -1): number {
    const named = this.#named.get(node) ?? new Map<string, number>()
    const count = (named.get(key) ?? 0) + difference
    if (count > 0) named.set(key, count)
    else named.delete(key)
    if (named.size > 0) this.#named.set(node, named)
    else this.#named.delete(node)
    return count
  }

  #find(key: string): StoredObject | undefined {
    const [resource = '', path = ''] = key.split(' ')
    const slash = path.indexOf('/')
    return this.#objects.get(resource, path.slice(0, slash), path.slice(slash + 1))
  }
}

const resourceOf = (key: string): string => key.slice(0, key.indexOf(' '))

const isOn = (pod: Pod, node: string): boolean => pod.spec.nodeName === node

const upsert = (resource: string, { object, intent }: StoredObject): NodeUpsert => ({
  type: 'Upsert',
  resource,
  object: resource === 'secrets' ? withoutValue(object) : object,
  cause: intent,
})

const removal = (resource: string, { metadata }: KubernetesObject, cause: Cause): NodeChange => ({
  type: 'Remove',
  resource,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid ?? '',
  cause,
})

const changeOf = (resource: string, { type, stored, event }: ObjectChange): NodeChange =>
  type === 'DELETED' ? removal(resource, stored.object, causeOf(event)) : upsert(resource, stored)
