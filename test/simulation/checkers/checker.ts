import type { Heard } from '../clients/simulated-client.ts'
import type { Observer } from '../world.ts'

/** Observes everything that happens, and throws a Violation when an invariant is broken. */
export type Checker = Observer & {
  /** A client received an answer. */
  onHeard?(heard: Heard): void
  /** Every virtual second. */
  onSecond?(): void | Promise<void>
  /** The log is about to be replaced by an older copy. */
  onRestore?(): void
  /** The cluster has come to rest. */
  onEnd?(): void | Promise<void>
}
