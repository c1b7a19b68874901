import type { Objects } from '@reckon/domain'
import type { Bus, Logger, OpenReader, Reader, Vault } from '@reckon/eventing'
import type { Metrics } from '@reckon/process'
import type { WritePorts } from '@reckon/writing'
import type { Given } from './controllers.ts'
import type { PodsEverCreated } from './ownership/pods-ever-created.ts'

/** What a term works with. `objects` and `podsEverCreated` are projections of `reader`, which is run elsewhere. */
export type TermPorts = WritePorts &
  Given & {
    bus: Bus
    objects: Objects
    reader: Reader
    podsEverCreated: PodsEverCreated
    logger?: Logger
    metrics?: Metrics
  }

/**
 * Everything that the replicator gets from outside. Without a vault it cannot read Secrets' values, only that they
 * exist.
 */
export type ReplicatorPorts = Omit<
  TermPorts,
  'objects' | 'known' | 'podsEverCreated' | 'reader'
> & {
  openReader: OpenReader
  vault?: Vault
}
