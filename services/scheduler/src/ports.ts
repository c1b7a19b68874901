import type { Objects } from '@reckon/domain'
import type { Bus, Logger, OpenReader, Reader } from '@reckon/eventing'
import type { Metrics } from '@reckon/process'
import type { RecordedPolicies } from '@reckon/scheduling'
import type { WritePorts } from '@reckon/writing'

/** The ports of a term. `objects` is one of the projections of `reader`, which runs elsewhere. */
export type TermPorts = WritePorts & {
  bus: Bus
  objects: Objects
  /** Also one of its projections. */
  policies: RecordedPolicies
  reader: Reader
  logger?: Logger
  metrics?: Metrics
}

/** Everything that the scheduler needs from outside. */
export type SchedulerPorts = Omit<TermPorts, 'objects' | 'policies' | 'known' | 'reader'> & {
  openReader: OpenReader
}
