import {
  type EndpointSlice,
  type Ingress,
  type IngressClass,
  type KubernetesObject,
  objectKey,
  type Service,
} from '@reckon/kubernetes'
import type { NodeChange, NodeUpsert } from '@reckon/node-plane'
import {
  type IngressHosts,
  ingressHosts,
  type ServiceMap,
  serviceKeyOf,
  serviceMap,
} from '@reckon/routing'
import type { FailedObjects } from './failed-objects.ts'

/**
 * What all outputs are computed from, as of one position. The same object means that nothing in it
 * changed; so with each of its parts.
 */
export type Routing = { services: ServiceMap; hosts: IngressHosts; versions: Versions }

/** Of which version the Services and Ingresses were, by their keys. */
export type Versions = { service: VersionOf; ingress: VersionOf }
type VersionOf = (key: string) => string | undefined

/** What computes the parts of the routing, each without the objects that fail. */
export type Parts = { services: FailedObjects; hosts: FailedObjects }

const resources = {
  services: 'services',
  slices: 'endpointslices.discovery.k8s.io',
  ingresses: 'ingresses.networking.k8s.io',
  classes: 'ingressclasses.networking.k8s.io',
}
const partOf = new Map<string, keyof Parts>([
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
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

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
    const versions = this.#versions()
    const routing = {
      services: services ?? this.#services(versions.service),
      hosts: hosts ?? this.#hosts(versions.ingress),
      versions,
    }
    this.#routing = routing
    return routing
  }

  #services(versionOf: VersionOf): ServiceMap {
    const slices = this.#list<EndpointSlice>(resources.slices)
    const services = this.#list<Service>(resources.services)
    const computation = {
      without: (leftOut: ReadonlySet<string>) => serviceMap(others(services, leftOut), slices),
      alone: () => {
        const slicesOf = Map.groupBy(slices, serviceKeyOf)
        return eachAlone(services, (service, key) => serviceMap([service], slicesOf.get(key) ?? []))
      },
    }
    return this.#parts.services.compute(computation, versionOf)
  }

  #hosts(versionOf: VersionOf): IngressHosts {
    const classes = this.#list<IngressClass>(resources.classes)
    const ingresses = this.#list<Ingress>(resources.ingresses)
    const computation = {
      without: (leftOut: ReadonlySet<string>) => ingressHosts(others(ingresses, leftOut), classes),
      alone: () => eachAlone(ingresses, (ingress) => ingressHosts([ingress], classes)),
    }
    return this.#parts.hosts.compute(computation, versionOf)
  }

  #versions(): Versions {
    const objects = this.#objects
    const versionIn = (resource: string) => {
      const known = objects.get(resource)
      return (key: string) => known?.get(key)?.metadata.resourceVersion
    }
    return { service: versionIn(resources.services), ingress: versionIn(resources.ingresses) }
  }

  #list<T extends KubernetesObject>(resource: string): T[] {
    return [...(this.#objects.get(resource)?.values() ?? [])] as T[]
  }
}

const others = <T extends KubernetesObject>(objects: readonly T[], leftOut: ReadonlySet<string>) =>
  leftOut.size === 0 ? objects : objects.filter(({ metadata }) => !leftOut.has(objectKey(metadata)))

const eachAlone = <T extends KubernetesObject>(
  objects: readonly T[],
  compute: (object: T, key: string) => unknown,
) =>
  new Map(
    objects.map((object) => {
      const key = objectKey(object.metadata)
      return [key, () => compute(object, key)]
    }),
  )
