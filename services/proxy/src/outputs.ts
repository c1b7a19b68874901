import type { Clock } from '@reckon/eventing/bus'
import type { NodeSettings } from '@reckon/node-plane'
import { dnsZone, edge, packetRules } from '@reckon/routing'
import type { Dataplane } from './dataplane.ts'
import { LatestOutput } from './latest-output.ts'
import type { Routing } from './routing-view.ts'

export type OutputsPorts = {
  clock: Clock
  dataplane: Dataplane
  onApplied(): void
  onFailure(output: string, error: unknown): void
}

/** All outputs of a proxy, each as far as it is by itself: a slow one holds up no other. */
export class Outputs {
  readonly #outputs = new Map<string, LatestOutput<Routing>>()

  constructor(
    ports: OutputsPorts,
    { domain, clusterCidr, serviceCidr }: NodeSettings,
    signal: AbortSignal,
  ) {
    const { clock, onApplied } = ports
    const add = (name: string, apply: (routing: Routing) => Promise<void>) => {
      const onFailure = (error: unknown) => ports.onFailure(name, error)
      this.#outputs.set(name, new LatestOutput({ clock, signal, onApplied, onFailure }, apply))
    }
    const { packets, names, edge: envoy } = ports.dataplane
    const zone = { domain, cidrs: [clusterCidr, serviceCidr] }
    if (packets) add('packets', ({ services }) => packets.apply(packetRules(services)))
    if (names) add('names', ({ services }) => names.apply(dnsZone(services, zone)))
    if (envoy) add('edge', ({ hosts, services }) => envoy.apply(edge(hosts, services)))
  }

  offer(position: bigint, routing: Routing): void {
    for (const output of this.#outputs.values()) output.offer(position, routing)
  }

  /** The position that every output holds; undefined until each of them held something. */
  applied(): bigint | undefined {
    const positions = [...this.#outputs.values()].map(({ position }) => position)
    return positions.includes(undefined)
      ? undefined
      : (positions as bigint[]).reduce<bigint | undefined>(
          (lowest, position) => (lowest === undefined || position < lowest ? position : lowest),
          undefined,
        )
  }

  /** Which outputs lack the newest because they failed, and why. */
  failures(): string[] {
    return [...this.#outputs].flatMap(([name, { failure }]) =>
      failure === undefined
        ? []
        : [`${name}: ${failure instanceof Error ? failure.message : failure}`],
    )
  }
}
