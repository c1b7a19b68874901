import {
  type Edge,
  type EdgeSettings,
  edge,
  type IngressHosts,
  rulesOfIngresses,
} from '@reckon/routing'
import type { Dataplane } from './dataplane.ts'
import { EdgeGate, type EdgeGatePorts, type Refusals } from './edge-gate.ts'
import type { Computation, FailedObjects } from './failed-objects.ts'
import type { Routing } from './routing-view.ts'

export type EdgeOutputPorts = Pick<EdgeGatePorts, 'onRefused' | 'onForgotten'> & {
  envoy: NonNullable<Dataplane['edge']>
  edgeSettings: EdgeSettings
  failed: FailedObjects
}

/**
 * Applies the routing to the edge of one machine, without the objects that cannot be computed and what Envoy rejects.
 */
export class EdgeOutput {
  readonly #ports: EdgeOutputPorts
  readonly #gate: EdgeGate
  #newest: Routing | undefined
  /** As last applied. */
  #before: Edge | undefined

  constructor(ports: EdgeOutputPorts) {
    this.#ports = ports
    const { envoy, onRefused, onForgotten } = ports
    this.#gate = new EdgeGate({
      offer: (hosts) => this.#offer(hosts),
      namesOf: (hosts) => this.#namesOf(hosts),
      onRefused,
      onForgotten,
      memory: envoy.held,
    })
  }

  apply(routing: Routing): Promise<void> {
    this.#newest = routing
    return this.#gate.apply(routing.hosts)
  }

  /** Another Envoy is served from now on. */
  exchange(): void {
    this.#gate.exchange()
  }

  async #offer(hosts: IngressHosts): Promise<Refusals> {
    const { envoy, edgeSettings, failed } = this.#ports
    if (this.#newest === undefined) return new Map()
    const computed = edgeOf({ ...this.#newest, hosts }, edgeSettings, this.#before)
    this.#before = failed.compute(computed, this.#newest.versions.ingress)
    return (await envoy.apply(this.#before)) ?? new Map()
  }

  #namesOf(hosts: IngressHosts): ReadonlySet<string> {
    const { clusters, scopes } = edge(
      hosts,
      this.#newest?.services ?? new Map(),
      this.#ports.edgeSettings,
    )
    return new Set([...clusters.keys(), ...scopes.keys()])
  }
}

/** A Service fails here only as the backend of an Ingress. */
function edgeOf(
  { hosts, services, tls }: Routing,
  edgeSettings: EdgeSettings,
  before: Edge | undefined,
): Computation<Edge> {
  const settings = { ...edgeSettings, tls }
  const only = (isWanted: (ingress: string) => boolean) =>
    edge(rulesOfIngresses(hosts, isWanted), services, settings, before)
  return {
    without: (leftOut) =>
      leftOut.size === 0
        ? edge(hosts, services, settings, before)
        : only((key) => !leftOut.has(key)),
    alone: () => {
      const ingresses = [...hosts.values()].flatMap(({ paths }) =>
        paths.map(({ origin }) => origin.ingress),
      )
      return new Map(
        [...new Set(ingresses)].map((key) => [key, () => only((each) => each === key)]),
      )
    },
  }
}
