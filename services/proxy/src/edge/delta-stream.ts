import { type DeltaRequest, type DeltaResponse, versionIn } from './delta-message.ts'
import {
  certificateType,
  clusterType,
  endpointsType,
  type ResourceTable,
  scopeType,
  type VersionedResource,
} from './resource-table.ts'
import {
  type Difference,
  differing,
  noteSent,
  type Subscription,
  subscriptionOf,
} from './subscription.ts'

export type DeltaStreamPorts = {
  table: ResourceTable
  send(response: DeltaResponse): void
  /** Envoy accepted what it was sent of a type, or rejected it for a reason. */
  onAnswered(type: string, rejection?: string): void
}

/**
 * The protocol with one Envoy, independent of the transport. It brings Envoy from what it has to what the table says,
 * in an order in which no request can fail in between: clusters, their endpoints, and routes once the endpoints were
 * accepted; removals in the opposite order. The cost is proportional to what changed.
 */
export class DeltaStream {
  /** The version of this Envoy, once it has sent it. */
  version: string | undefined
  readonly #ports: DeltaStreamPorts
  readonly #subscriptions = new Map<string, Subscription>()
  /** By nonce, the responses that are neither accepted nor rejected yet. */
  readonly #outstanding = new Map<string, DeltaResponse>()
  /** Clusters that must not be routed to yet, because Envoy has not accepted their endpoints. */
  readonly #awaited: Set<string>
  /** Why Envoy rejected its last response, by the name of each resource in it. */
  readonly #refused = new Map<string, { type: string; why: string }>()
  #nonce = 0
  #waiting: (() => void)[] = []
  readonly #unfollow: () => void

  constructor(ports: DeltaStreamPorts) {
    this.#ports = ports
    this.#awaited = new Set(ports.table.of(clusterType).keys())
    this.#unfollow = ports.table.follow((type, names) => this.#doubt(type, names))
  }

  receive(request: DeltaRequest): void {
    this.version ??= versionIn(request)
    const subscription = this.#subscribe(request)
    if (request.response_nonce) this.#acknowledge(request)
    for (const name of request.resource_names_unsubscribe) {
      if (subscription.names !== 'All') subscription.names.delete(name)
      subscription.sent.delete(name)
    }
    this.push()
  }

  /** Sends what differs from the table and may be sent now. */
  push(): void {
    this.#pushClusters()
    // Endpoints go at once, whatever else is in progress: a terminating pod gets no new request
    // from here on.
    this.#pushAll(endpointsType)
    this.#pushAll(certificateType)
    if (!this.#isAwaiting()) this.#pushAll(scopeType)
    if (this.#isCurrent(scopeType)) this.#pushAll(clusterType)
    if (!this.isSettled()) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Rejected resources are sent again with the next push: others in the same response may be valid. */
  retryRefused(): void {
    for (const [name, { type }] of this.#refused) this.#forget(type, name)
    this.#refused.clear()
  }

  refusals(): ReadonlyMap<string, string> {
    return new Map([...this.#refused].map(([name, { why }]) => [name, why]))
  }

  /** Resolves when Envoy has accepted or rejected everything in the table. */
  settled(): Promise<void> {
    if (this.isSettled()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  isSettled(): boolean {
    return types.every((type) => this.#isCurrent(type))
  }

  /** The stream has ended: nobody need wait for it. */
  close(): void {
    this.#unfollow()
    this.#subscriptions.clear()
    this.#outstanding.clear()
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** The table's content for these names has changed. */
  #doubt(type: string, names: Iterable<string>): void {
    const subscription = this.#subscriptions.get(type)
    // A certificate may be for several names, each of which was asked for.
    const isOfMany = type === certificateType && subscription !== undefined
    const all = isOfMany && subscription.names !== 'All' ? subscription.names : names
    for (const name of all) subscription?.doubtful.add(name)
    if (type !== clusterType) return
    for (const name of names) {
      const version = this.#ports.table.find(clusterType, name)?.version
      if (version !== undefined && subscription?.sent.get(name) !== version) this.#awaited.add(name)
    }
  }

  /**
   * Do not wait for the endpoints of a cluster that is no longer wanted; it may be wanted again before Envoy is told.
   */
  #isAwaiting(): boolean {
    const clusters = this.#ports.table.of(clusterType)
    return this.#awaited.values().some((name) => clusters.has(name))
  }

  /** Sends a resource even if Envoy has it. */
  #forget(type: string, name: string): void {
    const subscription = this.#subscriptions.get(type)
    subscription?.sent.delete(name)
    subscription?.doubtful.add(name)
  }

  #subscribe(request: DeltaRequest): Subscription {
    const { type_url: type, resource_names_subscribe: names } = request
    const known = this.#subscriptions.get(type)
    if (known === undefined) return this.#begin(request)
    for (const name of names) {
      if (known.names !== 'All') known.names.add(name)
      // A resource that is requested by name is sent even if it is known: a changed cluster waits
      // for it.
      this.#forget(type, name)
    }
    return known
  }

  #begin(request: DeltaRequest): Subscription {
    const { table } = this.#ports
    const type = request.type_url
    const subscription = subscriptionOf(request, table)
    this.#subscriptions.set(type, subscription)
    // What Envoy had before this stream began, and still has, was accepted in an earlier one.
    for (const [name, version] of subscription.sent) {
      if (table.find(type, name)?.version === version) this.#taken(type, name)
    }
    return subscription
  }

  #taken(type: string, name: string): void {
    // Envoy does not request endpoints for a cluster that it resolves itself.
    const isWhole = type === clusterType && !this.#ports.table.of(endpointsType).has(name)
    if (type === endpointsType || isWhole) this.#awaited.delete(name)
  }

  #acknowledge({ response_nonce: nonce = '', error_detail: error }: DeltaRequest): void {
    const response = this.#outstanding.get(nonce)
    if (response === undefined) return
    this.#outstanding.delete(nonce)
    this.#ports.onAnswered(response.type, error ? (error.message ?? '') : undefined)
    for (const { name } of response.resources) {
      this.#taken(response.type, name)
      if (!error) continue
      this.#refused.set(name, { type: response.type, why: error.message ?? '' })
      // The rejection names the cluster only in its text, so none of them is waited for.
      if (response.type === clusterType) this.#awaited.delete(name)
    }
  }

  /** New and changed clusters are sent at once; clusters are removed only when no route refers to them. */
  #pushClusters(): void {
    const { changed } = this.#differing(clusterType)
    for (const { name } of changed) {
      this.#awaited.add(name)
      this.#forget(endpointsType, name)
    }
    this.#send(clusterType, changed, [])
  }

  #pushAll(type: string): void {
    const { changed, removed } = this.#differing(type)
    this.#send(type, changed, removed)
  }

  #send(type: string, resources: VersionedResource[], removed: string[]): void {
    const subscription = this.#subscriptions.get(type)
    if (subscription === undefined) return
    if (resources.length === 0 && removed.length === 0 && !subscription.unanswered) return
    noteSent(subscription, resources, removed)
    if (type === clusterType) for (const name of removed) this.#awaited.delete(name)
    const response = { type, nonce: `${++this.#nonce}`, resources, removed }
    this.#outstanding.set(response.nonce, response)
    this.#ports.send(response)
  }

  #differing(type: string): Difference {
    const subscription = this.#subscriptions.get(type)
    if (subscription === undefined) return { changed: [], removed: [] }
    const { changed, removed } = differing(subscription, (name) =>
      this.#ports.table.find(type, name),
    )
    // Until Envoy has said which routes it has, any cluster may be in use.
    const inUse = type === clusterType && !this.#subscriptions.has(scopeType)
    return { changed, removed: inUse ? [] : removed }
  }

  /** A type that Envoy has not subscribed to yet does not affect what it serves. */
  #isCurrent(type: string): boolean {
    const subscription = this.#subscriptions.get(type)
    if (subscription === undefined) return true
    const { changed, removed } = this.#differing(type)
    return (
      !subscription.unanswered &&
      changed.length === 0 &&
      removed.length === 0 &&
      [...this.#outstanding.values()].every((response) => response.type !== type)
    )
  }
}

const types = [clusterType, endpointsType, scopeType, certificateType]
