import { Objects } from '@reckon/domain'
import { holdTerm, silent } from '@reckon/eventing'
import { runTogether } from '@reckon/process'
import { WriterView } from '@reckon/writing'
import { PodsEverCreated } from './ownership/pods-ever-created.ts'
import type { ReplicatorPorts } from './ports.ts'
import { replicateTerm } from './replicate-term.ts'

export type ReplicatorConfiguration = {
  /** The identity of this instance, `<process>@<machine>`: stable across restarts. */
  holder: string
  /** How long an agent may be silent before its node counts as unreachable. */
  nodeGraceSeconds?: number
}

/** Runs all controllers while this instance holds the term, until the signal aborts. */
export async function runReplicator(
  { openReader, vault, ...given }: ReplicatorPorts,
  { holder, ...options }: ReplicatorConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const { logger = silent } = given
  const objects = new Objects(vault)
  const podsEverCreated = new PodsEverCreated()
  const reader = openReader([objects, podsEverCreated])
  const known = new WriterView(objects)
  // Most objects that it reads in a burst it has created itself.
  objects.folded = known.folded
  const ports = { ...given, objects, known, podsEverCreated, reader }
  await runTogether(signal, [
    (ended) => reader.run(ended),
    (ended) =>
      holdTerm(ports, { service: 'replicator', holder, signal: ended, logger }, (_term, ofTerm) =>
        replicateTerm(ports, ofTerm, options),
      ),
  ])
}

export { PodsEverCreated } from './ownership/pods-ever-created.ts'
