import {
  endpointSlices,
  ingressClasses,
  ingresses,
  isDeepEqual,
  isOf,
  type KubernetesObject,
  type Node,
  nodes,
  objectKey,
  type Resource,
  resourceId,
  services,
} from '@reckon/kubernetes'
import { type NodeChange, type NodeUpsert, placesId } from '@reckon/node-plane'
import {
  type IngressHosts,
  ingressHosts,
  KeptIngressHosts,
  type KeyPair,
  type ServiceMap,
  serviceKeyOf,
  serviceMap,
  type TlsHosts,
  tlsHosts,
} from '@reckon/routing'
import type { FailedObjects } from './failed-objects.ts'

/**
 * The input of all outputs, as of one position. The same object means that nothing in it changed; so does the same
 * part.
 */
export type Routing = Computed & {
  versions: Versions
  /** Where the pods of each node are. */
  nodes: readonly Node[]
}
type Computed = { services: ServiceMap; hosts: IngressHosts; tls: TlsHosts }

/** The versions of the Services and Ingresses, by key. */
export type Versions = { service: VersionOf; ingress: VersionOf }
type VersionOf = (key: string) => string | undefined

/** Compute the parts of the routing, each without the objects that fail. */
export type Parts = Record<keyof Computed, FailedObjects>

const partsOf = new Map<string, readonly (keyof Parts)[]>([
  [resourceId(services), ['services']],
  [resourceId(endpointSlices), ['services']],
  [resourceId(ingresses), ['hosts']],
  [resourceId(ingressClasses), ['hosts', 'tls']],
  [placesId, []],
])

/** The certificate and key of a Secret, where this node knows it. */
export type PairOf = (namespace: string, name: string) => KeyPair | undefined

/** The part of a node's knowledge that routing is computed from. */
export class RoutingView {
  /** Everything up to this position is in the view; undefined until it was read once. */
  position: bigint | undefined
  #objects = new Map<string, Map<string, KubernetesObject>>()
  /** Computed parts that are still valid. */
  #computed: Partial<Computed> = {}
  #routing: Routing | undefined
  #nodes: readonly Node[] | undefined
  #ingresses = new KeptIngressHosts()
  /** As last computed. */
  #hostsBefore: IngressHosts | undefined
  readonly #parts: Parts
  readonly #pairOf: PairOf

  constructor(parts: Parts, pairOf: PairOf) {
    this.#parts = parts
    this.#pairOf = pairOf
  }

  /** A certificate was added, changed or removed. */
  pairsChanged(): void {
    delete this.#computed.tls
    this.#routing = undefined
  }

  /** Replaces everything. */
  replace(position: bigint, objects: readonly NodeUpsert[]): void {
    this.#objects = new Map()
    this.#computed = {}
    this.#routing = undefined
    this.#nodes = undefined
    this.#ingresses = new KeptIngressHosts()
    this.apply(position, objects)
  }

  apply(position: bigint, changes: readonly NodeChange[]): void {
    this.position = position
    for (const change of changes) {
      const parts = partsOf.get(change.resource)
      if (parts === undefined || this.#isOfStatusAlone(change)) continue
      for (const part of parts) delete this.#computed[part]
      if (change.resource === placesId) this.#nodes = undefined
      this.#routing = undefined
      const known = this.#objects.get(change.resource) ?? new Map<string, KubernetesObject>()
      this.#objects.set(change.resource, known)
      const key = objectKey(change.type === 'Remove' ? change : change.object.metadata)
      if (change.resource === resourceId(ingresses))
        this.#changeIngress(key, known.get(key), change)
      if (change.type === 'Remove') known.delete(key)
      else known.set(key, change.object)
      if (change.resource === resourceId(ingressClasses)) {
        this.#ingresses.classes = this.#list(ingressClasses)
      }
    }
  }

  /** Ingresses without TLS do not depend on certificates. */
  #changeIngress(key: string, before: KubernetesObject | undefined, change: NodeChange): void {
    const now = change.type === 'Remove' ? undefined : change.object
    if (now && isOf(ingresses, now)) this.#ingresses.put(now)
    else this.#ingresses.remove(key)
    const asksForTls = (object: KubernetesObject | undefined) =>
      object !== undefined && isOf(ingresses, object) && object.spec?.tls !== undefined
    if (asksForTls(before) || asksForTls(now)) delete this.#computed.tls
  }

  /**
   * A status change of an Ingress does not affect routing: Envoy is not updated, and its log goes on naming the
   * position that made the route.
   */
  #isOfStatusAlone(change: NodeChange): boolean {
    if (change.type === 'Remove' || !isOf(ingresses, change.object)) return false
    const { metadata } = change.object
    const known = this.#objects.get(change.resource)?.get(objectKey(metadata))?.metadata
    return (
      metadata.generation !== undefined &&
      metadata.generation === known?.generation &&
      metadata.uid === known.uid &&
      isDeepEqual(metadata.annotations, known.annotations)
    )
  }

  routing(): Routing {
    if (this.#routing !== undefined) return this.#routing
    const versions = this.#versions()
    this.#computed.services ??= this.#services(versions.service)
    this.#computed.hosts ??= this.#hosts(versions.ingress)
    this.#computed.tls ??= this.#tls(versions.ingress)
    const { services, hosts, tls } = this.#computed
    this.#nodes ??= this.#places()
    this.#routing = { services, hosts, tls, versions, nodes: this.#nodes }
    return this.#routing
  }

  #services(versionOf: VersionOf): ServiceMap {
    const slices = this.#list(endpointSlices)
    const all = this.#list(services)
    const computation = {
      without: (leftOut: ReadonlySet<string>) => serviceMap(others(all, leftOut), slices),
      alone: () => {
        const slicesOf = Map.groupBy(slices, serviceKeyOf)
        return eachAlone(all, (service, key) => serviceMap([service], slicesOf.get(key) ?? []))
      },
    }
    return this.#parts.services.compute(computation, versionOf)
  }

  #hosts(versionOf: VersionOf): IngressHosts {
    const kept = this.#ingresses
    const classes = this.#list(ingressClasses)
    const computation = {
      without: (leftOut: ReadonlySet<string>) =>
        leftOut.size === 0
          ? kept.hosts()
          : ingressHosts(others(kept.all, leftOut), classes, this.#hostsBefore),
      alone: () => eachAlone(kept.all, (ingress) => ingressHosts([ingress], classes)),
    }
    this.#hostsBefore = this.#parts.hosts.compute(computation, versionOf)
    return this.#hostsBefore
  }

  #tls(versionOf: VersionOf): TlsHosts {
    const classes = this.#list(ingressClasses)
    const own = this.#ingresses.all.filter(({ spec }) => spec.tls !== undefined)
    const computation = {
      without: (leftOut: ReadonlySet<string>) =>
        tlsHosts(others(own, leftOut), classes, this.#pairOf),
      alone: () => eachAlone(own, (ingress) => tlsHosts([ingress], classes, this.#pairOf)),
    }
    return this.#parts.tls.compute(computation, versionOf)
  }

  #versions(): Versions {
    const objects = this.#objects
    const versionIn = (resource: Resource) => {
      const known = objects.get(resourceId(resource))
      return (key: string) => known?.get(key)?.metadata.resourceVersion
    }
    return { service: versionIn(services), ingress: versionIn(ingresses) }
  }

  #places(): readonly Node[] {
    const known = this.#objects.get(placesId)?.values() ?? []
    return Array.from(known).filter((object) => isOf(nodes, object))
  }

  #list<T extends KubernetesObject>(resource: Resource<T>): readonly T[] {
    const known = this.#objects.get(resourceId(resource))?.values() ?? []
    return Array.from(known).filter((object) => isOf(resource, object))
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
