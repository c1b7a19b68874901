import type { Objects } from '@reckon/domain'
import type { Bus, Logger, OpenReader, Reader } from '@reckon/eventing'
import type { Metrics } from '@reckon/process'
import type { RecordedPolicies } from '@reckon/scheduling'
import type { WritePorts } from '@reckon/writing'

/** What a term works with. `objects` is one of the projections of `reader`, which somebody else runs. */
export type TermPorts = WritePorts & {
  bus: Bus
  objects: Objects
  /** One as well. */
  policies: RecordedPolicies
  reader: Reader
  logger?: Logger
  metrics?: Metrics
}

/** Everything that scheduler gets from outside. */
export type SchedulerPorts = Omit<TermPorts, 'objects' | 'policies' | 'known' | 'reader'> & {
  openReader: OpenReader
}
