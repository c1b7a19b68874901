import type { Clock } from '@reckon/eventing/bus'
import type { NodeSettings } from '@reckon/node-plane'
import {
  dnsZone,
  type Edge,
  type EdgeSettings,
  edge,
  healthPorts,
  packetRules,
  rulesOfIngresses,
  type ServiceMap,
} from '@reckon/routing'
import type { Dataplane } from './dataplane.ts'
import { EdgeGate } from './edge-gate.ts'
import type { Computation, FailedObjects } from './failed-objects.ts'
import { LatestOutput } from './latest-output.ts'
import type { Routing } from './routing-view.ts'

export type OutputsPorts = {
  clock: Clock
  dataplane: Dataplane
  onApplied(): void
  onFailure(output: string, error: unknown): void
  /** An Ingress as of this position is one that Envoy refuses. */
  onRefused(ingress: string, position: string, why: string): unknown
  /** One that was refused is another by now. */
  onForgotten(ingress: string): unknown
  /** What leaves the objects out that fail in one computation. */
  failedObjectsOf(computation: string): FailedObjects
}

/** What leads nobody to a pod: whoever waits until all proxies have let go of one does not wait for it. */
const tellingOnly = new Set(['health'])

/** All outputs of a proxy, each as far as it is by itself: a slow one holds up no other. */
export class Outputs {
  readonly #outputs = new Map<string, LatestOutput<Routing>>()

  constructor(
    ports: OutputsPorts,
    settings: NodeSettings & { machineNodes: readonly string[] },
    signal: AbortSignal,
  ) {
    const { clock, onApplied } = ports
    const add = (name: string, apply: (routing: Routing) => Promise<void>) => {
      const onFailure = (error: unknown) => ports.onFailure(name, error)
      this.#outputs.set(name, new LatestOutput({ clock, signal, onApplied, onFailure }, apply))
    }
    const { packets, names, pods, health, edge: envoy } = ports.dataplane
    if (pods) add('pods', ({ nodes }) => pods.apply(nodes))
    const { serviceCidr, clusterDns, machineNodes } = settings
    const machine = { nodes: new Set(machineNodes), serviceCidr }
    const rulesOf = (services: ServiceMap) => packetRules(services, machine)
    const { failedObjectsOf } = ports
    if (packets) {
      const failed = failedObjectsOf('packets')
      add('packets', ({ services, versions }) =>
        packets.apply(failed.compute(ofServices(services, rulesOf), versions.service)),
      )
    }
    if (health) {
      const failed = failedObjectsOf('health')
      const portsOf = (services: ServiceMap) => healthPorts(services, machine.nodes)
      add('health', ({ services, versions }) =>
        health.apply(failed.compute(ofServices(services, portsOf), versions.service)),
      )
    }
    if (names) {
      const failed = failedObjectsOf('names')
      const zoneOf = (services: ServiceMap) => dnsZone(services, settings)
      add('names', ({ services, versions }) =>
        names.apply(failed.compute(ofServices(services, zoneOf), versions.service)),
      )
    }
    if (envoy) {
      const failed = failedObjectsOf('edge')
      const tlsPort = envoy.tlsPort
      const settings = {
        ...(tlsPort === undefined ? {} : { tlsPort }),
        ...(names === undefined ? {} : { dnsServer: clusterDns }),
      }
      let newest: Routing
      let before: Edge | undefined
      const gate = new EdgeGate({
        offer: async (hosts) => {
          const computed = edgeOf({ ...newest, hosts }, settings, before)
          before = failed.compute(computed, newest.versions.ingress)
          return (await envoy.apply(before)) ?? new Map()
        },
        namesOf: (hosts) => {
          const { clusters, scopes } = edge(hosts, newest.services, settings)
          return new Set([...clusters.keys(), ...scopes.keys()])
        },
        onRefused: ports.onRefused,
        onForgotten: ports.onForgotten,
        memory: envoy.held,
      })
      add('edge', (routing) => {
        newest = routing
        return gate.apply(routing.hosts)
      })
      envoy.onExchanged?.(() => {
        gate.exchange()
        this.#outputs.get('edge')?.again()
      })
    }
  }

  offer(position: bigint, routing: Routing): void {
    for (const output of this.#outputs.values()) output.offer(position, routing)
  }

  /** The position that every output holds that leads to pods; undefined until each of them held something. */
  applied(): bigint | undefined {
    let lowest: bigint | undefined
    for (const [name, { position }] of this.#outputs) {
      if (tellingOnly.has(name)) continue
      if (position === undefined) return undefined
      if (lowest === undefined || position < lowest) lowest = position
    }
    return lowest
  }

  /** How far they are, and which lack the newest because they failed, and why. */
  status(): { applied: bigint | undefined; failures: string[]; troubles: string[] } {
    const failures = this.#failed((name) => !tellingOnly.has(name))
    return {
      applied: this.applied(),
      failures,
      troubles: this.#failed((name) => tellingOnly.has(name)),
    }
  }

  #failed(isAsked: (name: string) => boolean): string[] {
    return [...this.#outputs].flatMap(([name, { failure }]) =>
      failure === undefined || !isAsked(name)
        ? []
        : [`${name}: ${failure instanceof Error ? failure.message : failure}`],
    )
  }
}

const ofServices = <T>(
  services: ServiceMap,
  compute: (services: ServiceMap) => T,
): Computation<T> => ({
  without: (leftOut) =>
    compute(
      leftOut.size === 0 ? services : new Map([...services].filter(([key]) => !leftOut.has(key))),
    ),
  alone: () =>
    new Map([...services].map(([key, service]) => [key, () => compute(new Map([[key, service]]))])),
})

/** A Service fails here only as what an Ingress leads to. */
function edgeOf(
  { hosts, services, tls }: Routing,
  machine: EdgeSettings,
  before: Edge | undefined,
): Computation<Edge> {
  const settings = { ...machine, tls }
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
