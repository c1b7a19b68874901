import type { Node } from '@reckon/kubernetes'
import type { Loop } from '@reckon/process'
import type { DnsZone, Edge, LocalHealth, PacketRules } from '@reckon/routing'
import type { HeldIngressesMemory, Refusals } from './edge-gate.ts'

/**
 * The outputs of a proxy. Each takes the whole of what it shall hold and resolves once that holds;
 * it throws when the world failed, and is then given the newest again. Absent ones are not this
 * machine's business.
 */
export type Dataplane = {
  packets?: { apply(rules: PacketRules): Promise<void> }
  names?: { apply(zone: DnsZone): Promise<void> }
  /** What balancers hear of this machine's pods, by the port at which they ask. */
  health?: { apply(ports: ReadonlyMap<number, LocalHealth>): Promise<void> }
  /** The ways to the pods of other machines. */
  pods?: { apply(nodes: readonly Node[]): Promise<void> }
  edge?: {
    /** Answers what was refused, and why: all else holds. */
    apply(edge: Edge): Promise<Refusals | undefined>
    /** Where it takes TLS, as its clients know it. */
    tlsPort?: number
    /**
     * Has it tell when another version of Envoy has taken the place of the one before: that may take what this refused.
     */
    onExchanged?(listener: () => void): void
    /** Where it keeps which Ingresses are held back. */
    held?: HeldIngressesMemory
  }
}

/** The outputs of a machine once they are set up. */
export type OpenedDataplane = Dataplane & {
  /** Keeps on the machine what the outputs stand on. */
  keep?: Loop
}
