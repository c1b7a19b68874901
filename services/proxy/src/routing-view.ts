import {
  type EndpointSlice,
  type Ingress,
  type IngressClass,
  type KubernetesObject,
  objectKey,
  type Service,
} from '@reckon/kubernetes'
import type { NodeChange, NodeUpsert } from '@reckon/node-plane'
import { type IngressHosts, ingressHosts, type ServiceMap, serviceMap } from '@reckon/routing'

/**
 * What all outputs are computed from, as of one position. The same object means that nothing in it
 * changed; so with each of its parts.
 */
export type Routing = { services: ServiceMap; hosts: IngressHosts }

const resources = {
  services: 'services',
  slices: 'endpointslices.discovery.k8s.io',
  ingresses: 'ingresses.networking.k8s.io',
  classes: 'ingressclasses.networking.k8s.io',
}
const partOf = new Map<string, keyof Routing>([
  [resources.services, 'services'],
  [resources.slices, 'services'],
  [resources.ingresses, 'hosts'],
  [resources.classes, 'hosts'],
])

/** The part of a node's knowledge that routes come from. */
export class RoutingView {
  /** The position up to which everything is in the view; undefined until it was read once. */
  position: bigint | undefined
  #objects = new Map<string, Map<string, KubernetesObject>>()
  #routing: Partial<Routing> = {}

  /** Takes everything anew. */
  replace(position: bigint, objects: readonly NodeUpsert[]): void {
    this.#objects = new Map()
    this.#routing = {}
    this.apply(position, objects)
  }

  apply(position: bigint, changes: readonly NodeChange[]): void {
    this.position = position
    for (const change of changes) {
      const part = partOf.get(change.resource)
      if (part === undefined) continue
      const { [part]: _, ...others } = this.#routing
      this.#routing = others
      const known = this.#objects.get(change.resource) ?? new Map<string, KubernetesObject>()
      this.#objects.set(change.resource, known)
      if (change.type === 'Remove') known.delete(objectKey(change))
      else known.set(objectKey(change.object.metadata), change.object)
    }
  }

  routing(): Routing {
    const { services, hosts } = this.#routing
    if (services !== undefined && hosts !== undefined) return this.#routing as Routing
    const routing = { services: services ?? this.#services(), hosts: hosts ?? this.#hosts() }
    this.#routing = routing
    return routing
  }

  #services(): ServiceMap {
    const slices = this.#list<EndpointSlice>(resources.slices)
    return serviceMap(this.#list<Service>(resources.services), slices)
  }

  #hosts(): IngressHosts {
    const classes = this.#list<IngressClass>(resources.classes)
    return ingressHosts(this.#list<Ingress>(resources.ingresses), classes)
  }

  #list<T extends KubernetesObject>(resource: string): T[] {
    return [...(this.#objects.get(resource)?.values() ?? [])] as T[]
  }
}
