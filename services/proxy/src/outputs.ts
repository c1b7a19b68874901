import type { Clock } from '@reckon/eventing/bus'
import type { NodeSettings } from '@reckon/node-plane'
import { dnsZone, healthPorts, packetRules, type ServiceMap } from '@reckon/routing'
import type { Dataplane } from './dataplane.ts'
import { EdgeOutput } from './edge-output.ts'
import type { Computation, FailedObjects } from './failed-objects.ts'
import { LatestOutput } from './latest-output.ts'
import type { Routing } from './routing-view.ts'

export type OutputsPorts = {
  clock: Clock
  dataplane: Dataplane
  onApplied(): void
  onFailure(output: string, error: unknown): void
  /** Called when Envoy rejects an Ingress, with its position. */
  onRefused(ingress: string, position: string, why: string): unknown
  /** Called when a rejected Ingress has changed. */
  onForgotten(ingress: string): unknown
  /** Leaves out the objects that fail in one of the computations. */
  failedObjectsOf(computation: string): FailedObjects
}

/** Outputs that route nothing to pods: nobody who waits for proxies to let go of a pod has to wait for these. */
const tellingOnly = new Set(['health'])

/** All outputs of a proxy, each progressing by itself: a slow one delays no other. */
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
    const { failedObjectsOf, onRefused, onForgotten } = ports
    const addOfServices = <T>(
      name: string,
      output: { apply(wanted: T): Promise<void> } | undefined,
      compute: (services: ServiceMap) => T,
    ) => {
      if (output === undefined) return
      const failed = failedObjectsOf(name)
      let held: ServiceMap | undefined
      add(name, async ({ services, versions }) => {
        // Most changes of an Ingress concern no Service.
        if (services === held) return
        held = undefined
        await output.apply(failed.compute(ofServices(services, compute), versions.service))
        held = services
      })
    }
    const { packets, names, pods, health, edge: envoy } = ports.dataplane
    const { serviceCidr, clusterDns, machineNodes } = settings
    const machine = { nodes: new Set(machineNodes), serviceCidr }
    if (pods) add('pods', ({ nodes }) => pods.apply(nodes))
    addOfServices('packets', packets, (services) => packetRules(services, machine))
    addOfServices('health', health, (services) => healthPorts(services, machine.nodes))
    addOfServices('names', names, (services) => dnsZone(services, settings))
    if (envoy) {
      const { tlsPort } = envoy
      const edgeSettings = {
        ...(tlsPort !== undefined && { tlsPort }),
        ...(names && { dnsServer: clusterDns }),
      }
      const failed = failedObjectsOf('edge')
      const output = new EdgeOutput({ envoy, edgeSettings, failed, onRefused, onForgotten })
      add('edge', (routing) => output.apply(routing))
      envoy.onExchanged?.(() => {
        output.exchange()
        this.#outputs.get('edge')?.again()
      })
    }
  }

  offer(position: bigint, routing: Routing): void {
    for (const output of this.#outputs.values()) output.offer(position, routing)
  }

  /** The position that every output that routes to pods has applied; undefined until each has applied something. */
  applied(): bigint | undefined {
    let lowest: bigint | undefined
    for (const [name, { position }] of this.#outputs) {
      if (tellingOnly.has(name)) continue
      if (position === undefined) return undefined
      if (lowest === undefined || position < lowest) lowest = position
    }
    return lowest
  }

  /** The position of each output, and which lack the newest value after a failure, with the reason. */
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
