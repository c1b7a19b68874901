import type { Acknowledged, Refused } from '../client.ts'
import type { Observer } from '../world.ts'

/** Looks at everything that happens, and throws a Violation when something is not as it must be. */
export type Checker = Observer & {
  /** A client was told that its write is done. */
  onAcknowledged?(acknowledged: Acknowledged): void
  /** A client was told that its write is not done, or that this is unknown. */
  onRefused?(refused: Refused): void
  /** Every virtual second. */
  onSecond?(): void | Promise<void>
  /** When the cluster has come to rest. */
  onEnd?(): void | Promise<void>
}
