import type { Node } from '@reckon/kubernetes'
import type { Loop } from '@reckon/process'
import type { DnsZone, Edge, LocalHealth, PacketRules } from '@reckon/routing'
import type { HeldIngressesMemory, Refusals } from './edge-gate.ts'

/**
 * The outputs of a proxy. Each takes the complete state that it should have and resolves once it has it. It throws if
 * that failed for outside reasons, and is then called again with the newest state. Outputs that this machine does not
 * serve are absent.
 */
export type Dataplane = {
  packets?: { apply(rules: PacketRules): Promise<void> }
  names?: { apply(zone: DnsZone): Promise<void> }
  /** What load balancers learn about this machine's pods, at the port at which they ask. */
  health?: { apply(ports: ReadonlyMap<number, LocalHealth>): Promise<void> }
  /** The routes to the pods of other machines. */
  pods?: { apply(nodes: readonly Node[]): Promise<void> }
  edge?: {
    /** Returns what Envoy rejected, and why; everything else is in effect. */
    apply(edge: Edge): Promise<Refusals | undefined>
    /** The port at which clients connect with TLS. */
    tlsPort?: number
    /**
     * Registers a listener for when another version of Envoy has replaced the previous one: it may accept what that
     * rejected.
     */
    onExchanged?(listener: () => void): void
    /** Where it remembers which Ingresses are held back. */
    held?: HeldIngressesMemory
  }
}

/** The outputs of a machine once they are set up. */
export type OpenedDataplane = Dataplane & {
  /** Maintains on the machine what the outputs depend on. */
  keep?: Loop
}
