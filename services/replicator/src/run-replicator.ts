import { type Bus, holdTerm, type Logger, type Reader, silent } from '@reckon/eventing'
import type { WritePorts } from '@reckon/writing'
import type { PodsEverCreated } from './pods-ever-created.ts'
import { replicateTerm } from './replicate-term.ts'

/** `objects` and `podsEverCreated` are the projections of `reader`, which somebody else runs. */
export type ReplicatorPorts = WritePorts & {
  bus: Bus
  reader: Reader
  podsEverCreated: PodsEverCreated
  logger?: Logger
}

/** Who this instance is, `<process>@<machine>`: the same after a restart. */
export type ReplicatorConfiguration = { holder: string }

/** Runs every controller while this instance holds the term, until the signal aborts. */
export async function runReplicator(
  ports: ReplicatorPorts,
  { holder }: ReplicatorConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const logger = ports.logger ?? silent
  await holdTerm(ports, { service: 'replicator', holder, signal, logger }, (_term, ofTerm) =>
    replicateTerm(ports, ofTerm),
  )
}

export { PodsEverCreated } from './pods-ever-created.ts'
