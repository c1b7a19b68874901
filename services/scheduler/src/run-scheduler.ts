import { Objects } from '@reckon/domain'
import { holdTerm, silent } from '@reckon/eventing'
import { ResourceTable } from '@reckon/kubernetes'
import { runTogether } from '@reckon/process'
import { fedResources, RecordedPolicies } from '@reckon/scheduling'
import { Known } from '@reckon/writing'
import type { SchedulerPorts } from './ports.ts'
import { scheduleTerm } from './schedule-term.ts'

/** Who this instance is, `<process>@<machine>`: the same after a restart. */
export type SchedulerConfiguration = { holder: string }

/** Places pods on nodes and records why, while this instance holds the term; until the signal aborts. */
export async function runScheduler(
  { openReader, ...given }: SchedulerPorts,
  { holder }: SchedulerConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const { logger = silent } = given
  // Of kinds that no placement depends on nothing is kept, and no event is parsed.
  const objects = new Objects(undefined, new ResourceTable(fedResources))
  const policies = new RecordedPolicies()
  const reader = openReader([objects, policies])
  const known = new Known(objects)
  // Nearly all that it reads of pods it has recorded itself.
  objects.folded = known.folded
  const ports = { ...given, objects, policies, known, reader }
  await runTogether(signal, [
    (ended) => ports.reader.run(ended),
    (ended) =>
      holdTerm(ports, { service: 'scheduler', holder, signal: ended, logger }, (term, ofTerm) =>
        scheduleTerm(ports, term, ofTerm),
      ),
  ])
}
