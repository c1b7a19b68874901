import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import { silent } from '../logger.ts'
import { Applied } from './applied.ts'
import { KeptLog } from './kept-log.ts'
import type { Projection } from './projection.ts'
import type { ReaderOptions } from './reader.ts'

/** More than a restart from a snapshot reads, so that it leaves out nothing. */
const sparedDefault = 50_000

/** Creates the `Applied` of these projections, with the snapshots and segments of a reader's options. */
export function appliedBy(
  projections: readonly Projection[],
  clock: Clock,
  { snapshots, segments, sparedEvents = sparedDefault, logger = silent }: ReaderOptions,
): Applied {
  const isWithheld = (event: RecordedEvent): boolean =>
    projections.some((projection) => projection.isWithheld?.(event))
  const isAnyLeftOut = Number.isFinite(sparedEvents) && projections.every((each) => each.supersedes)
  const isSuperseding = isAnyLeftOut
    ? (event: RecordedEvent) => projections.every((each) => each.supersedes?.(event))
    : undefined
  const options = { clock, logger, isWithheld, isSuperseding, sparedEvents }
  const kept = segments && new KeptLog({ segments, ...options })
  return new Applied(projections, { snapshots, kept, logger })
}
