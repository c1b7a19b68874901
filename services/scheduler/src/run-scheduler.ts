import { Objects } from '@reckon/domain'
import { holdTerm, silent } from '@reckon/eventing'
import { ResourceTable } from '@reckon/kubernetes'
import { runTogether } from '@reckon/process'
import { fedResources, RecordedPolicies } from '@reckon/scheduling'
import { WriterView } from '@reckon/writing'
import type { SchedulerPorts } from './ports.ts'
import { scheduleTerm } from './schedule-term.ts'

/** The name of this instance, `<process>@<machine>`, which a restart does not change. */
export type SchedulerConfiguration = { holder: string }

/** Places pods on nodes and records why, while this instance holds the term, until the signal aborts. */
export async function runScheduler(
  { openReader, ...given }: SchedulerPorts,
  { holder }: SchedulerConfiguration,
  signal: AbortSignal,
): Promise<void> {
  const { logger = silent } = given
  // Kinds that no placement depends on are not stored, and their events not parsed.
  const objects = new Objects(undefined, new ResourceTable(fedResources))
  const policies = new RecordedPolicies()
  const reader = openReader([objects, policies])
  const known = new WriterView(objects)
  // Most pod events that it reads were recorded by itself.
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
