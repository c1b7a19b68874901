import type { DeltaRequest, DeltaResponse } from './delta-message.ts'
import {
  certificateType,
  clusterType,
  endpointsType,
  type ResourceTable,
  scopeType,
  type VersionedResource,
} from './resource-table.ts'

/** Where one Envoy is with one type of resource. */
type Subscription = {
  /** Of every name, or only of those it asked for. */
  names: Set<string> | 'All'
  /** The versions that it holds or is about to. */
  sent: Map<string, string>
  /** A first answer is due, even an empty one: Envoy waits for it before it serves. */
  unanswered: boolean
}

export type DeltaStreamPorts = {
  table: ResourceTable
  send(response: DeltaResponse): void
  /** Envoy took what it was sent of a type, or rejected it for a reason. */
  onAnswered(type: string, rejection?: string): void
}

/**
 * The conversation with one Envoy, without its transport: brings it from what it holds to what the
 * table says, in the order in which no request can fall between: clusters, their endpoints, routes
 * once the endpoints were taken; removals the other way round.
 */
export class DeltaStream {
  readonly #ports: DeltaStreamPorts
  readonly #subscriptions = new Map<string, Subscription>()
  /** By nonce, what was sent and is not yet taken or rejected. */
  readonly #outstanding = new Map<string, DeltaResponse>()
  /** Clusters that may be routed to: their endpoints were taken, or never will be. */
  readonly #routable = new Set<string>()
  /** Why Envoy refused what it was last sent, by the name of each resource that was in that answer. */
  readonly #refused = new Map<string, { type: string; why: string }>()
  #nonce = 0
  #waiting: (() => void)[] = []

  constructor(ports: DeltaStreamPorts) {
    this.#ports = ports
  }

  receive(request: DeltaRequest): void {
    const subscription = this.#subscribe(request)
    if (request.response_nonce) this.#acknowledge(request)
    for (const name of request.resource_names_unsubscribe) {
      if (subscription.names !== 'All') subscription.names.delete(name)
      subscription.sent.delete(name)
    }
    this.push()
  }

  /** Sends what may be sent now of what differs from the table. */
  push(): void {
    this.#pushClusters()
    this.#pushEndpoints()
    this.#pushAll(certificateType)
    if (this.#everyClusterIsRoutable()) this.#pushAll(scopeType)
    if (this.#isCurrent(scopeType)) this.#pushAll(clusterType)
    if (!this.isSettled()) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** What was refused is sent again with the next push: others in the same answer may be good. */
  retryRefused(): void {
    for (const [name, { type }] of this.#refused) this.#subscriptions.get(type)?.sent.delete(name)
    this.#refused.clear()
  }

  refusals(): ReadonlyMap<string, string> {
    return new Map([...this.#refused].map(([name, { why }]) => [name, why]))
  }

  /** Resolves when Envoy has taken, or rejected, all that the table holds. */
  settled(): Promise<void> {
    if (this.isSettled()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  isSettled(): boolean {
    return types.every((type) => this.#isCurrent(type))
  }

  /** The stream has ended: nobody need wait for it. */
  close(): void {
    this.#subscriptions.clear()
    this.#outstanding.clear()
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #subscribe(request: DeltaRequest): Subscription {
    const names = request.resource_names_subscribe
    const known = this.#subscriptions.get(request.type_url)
    if (known === undefined) {
      const isByName = byName.includes(request.type_url)
      const all = !isByName && (names.length === 0 || names.includes('*'))
      const subscription: Subscription = {
        names: all ? 'All' : new Set(names),
        sent: new Map(Object.entries(request.initial_resource_versions)),
        unanswered: true,
      }
      this.#subscriptions.set(request.type_url, subscription)
      return subscription
    }
    for (const name of names) {
      if (known.names !== 'All') known.names.add(name)
      // Asked for by name, a resource is sent though it be known: a changed cluster waits for it.
      known.sent.delete(name)
    }
    return known
  }

  #acknowledge({ response_nonce: nonce = '', error_detail: error }: DeltaRequest): void {
    const response = this.#outstanding.get(nonce)
    if (response === undefined) return
    this.#outstanding.delete(nonce)
    this.#ports.onAnswered(response.type, error ? (error.message ?? '') : undefined)
    for (const { name } of response.resources) {
      if (error) this.#refused.set(name, { type: response.type, why: error.message ?? '' })
      if (response.type === endpointsType) this.#routable.add(name)
      // Which of several clusters was rejected stands in words only: none of them is waited for.
      if (response.type === clusterType && error) this.#routable.add(name)
    }
  }

  /** New and changed clusters at once; those no longer wanted only when no route leads to them. */
  #pushClusters(): void {
    const changed = this.#changed(clusterType)
    const endpoints = this.#subscriptions.get(endpointsType)
    for (const { name } of changed) {
      this.#routable.delete(name)
      endpoints?.sent.delete(name)
    }
    this.#send(clusterType, changed, [])
  }

  /**
   * At once, whatever else is under way: a pod that is leaving gets no new request from here on.
   */
  #pushEndpoints(): void {
    const changed = this.#changed(endpointsType)
    const removed = this.#removed(endpointsType)
    // What Envoy held before this stream began, and still does, was taken in an earlier one.
    const untaken = new Set([...changed, ...this.#outstandingEndpoints()].map(({ name }) => name))
    for (const name of this.#subscriptions.get(endpointsType)?.sent.keys() ?? []) {
      if (!untaken.has(name)) this.#routable.add(name)
    }
    this.#send(endpointsType, changed, removed)
  }

  #outstandingEndpoints(): VersionedResource[] {
    const responses = [...this.#outstanding.values()].filter(({ type }) => type === endpointsType)
    return responses.flatMap(({ resources }) => resources)
  }

  #pushAll(type: string): void {
    this.#send(type, this.#changed(type), this.#removed(type))
  }

  #send(type: string, resources: VersionedResource[], removed: string[]): void {
    const subscription = this.#subscriptions.get(type)
    if (subscription === undefined) return
    if (resources.length === 0 && removed.length === 0 && !subscription.unanswered) return
    subscription.unanswered = false
    for (const { name, version } of resources) subscription.sent.set(name, version)
    for (const name of removed) {
      subscription.sent.delete(name)
      if (subscription.names !== 'All') subscription.sent.set(name, absent)
    }
    const response = { type, nonce: `${++this.#nonce}`, resources, removed }
    this.#outstanding.set(response.nonce, response)
    this.#ports.send(response)
  }

  #changed(type: string): VersionedResource[] {
    const subscription = this.#subscriptions.get(type)
    if (subscription === undefined) return []
    const { names, sent } = subscription
    const { table } = this.#ports
    const wanted =
      names === 'All'
        ? [...table.of(type).values()]
        : [...names].flatMap((name) => table.find(type, name) ?? [])
    return wanted.filter(({ name, version }) => sent.get(name) !== version)
  }

  /** What it holds, or asked for by name, and the table does not have. */
  #removed(type: string): string[] {
    const subscription = this.#subscriptions.get(type)
    // As long as it has not said which routes it holds, any cluster may be in use.
    const inUse = type === clusterType && !this.#subscriptions.has(scopeType)
    if (subscription === undefined || inUse) return []
    const { names, sent } = subscription
    const { table } = this.#ports
    const held = names === 'All' ? [...sent.keys()] : [...names]
    return held.filter((name) => !table.find(type, name) && sent.get(name) !== absent)
  }

  #everyClusterIsRoutable(): boolean {
    const endpoints = this.#ports.table.of(endpointsType)
    return [...this.#ports.table.of(clusterType).keys()].every(
      // One that Envoy resolves by itself has no endpoints that it would ask for.
      (name) => this.#routable.has(name) || (!endpoints.has(name) && this.#holdsCluster(name)),
    )
  }

  #holdsCluster(name: string): boolean {
    const isUnderWay = [...this.#outstanding.values()].some(
      ({ type, resources }) =>
        type === clusterType && resources.some((resource) => resource.name === name),
    )
    return !isUnderWay && this.#subscriptions.get(clusterType)?.sent.has(name) === true
  }

  /** A type that Envoy has not asked for yet is no type that it serves by. */
  #isCurrent(type: string): boolean {
    const subscription = this.#subscriptions.get(type)
    if (subscription === undefined) return true
    return (
      !subscription.unanswered &&
      this.#changed(type).length === 0 &&
      this.#removed(type).length === 0 &&
      [...this.#outstanding.values()].every((response) => response.type !== type)
    )
  }
}

const types = [clusterType, endpointsType, scopeType, certificateType]
/** Of these Envoy asks for what it needs, of the others for all. */
const byName = [endpointsType, certificateType]

/** Stands for the version of what Envoy was told does not exist. */
const absent = ''
