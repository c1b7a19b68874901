import type { Heard } from '../clients/simulated-client.ts'
import type { Observer } from '../world.ts'

/** Looks at everything that happens, and throws a Violation when something is not as it must be. */
export type Checker = Observer & {
  /** A client was answered. */
  onHeard?(heard: Heard): void
  /** Every virtual second. */
  onSecond?(): void | Promise<void>
  /** When the log is about to be replaced by an older copy. */
  onRestore?(): void
  /** When the cluster has come to rest. */
  onEnd?(): void | Promise<void>
}
