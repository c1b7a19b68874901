import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import { silent } from '../logger.ts'
import { Applied } from './applied.ts'
import { KeptLog } from './kept-log.ts'
import type { Projection } from './projection.ts'
import type { ReaderOptions } from './reader.ts'

/** Creates the `Applied` of these projections, with the snapshots and segments of a reader's options. */
export function appliedBy(
  projections: readonly Projection[],
  clock: Clock,
  { snapshots, segments, logger = silent }: ReaderOptions,
): Applied {
  const isWithheld = (event: RecordedEvent): boolean =>
    projections.some((projection) => projection.isWithheld?.(event))
  const kept = segments && new KeptLog({ segments, clock, logger, isWithheld })
  return new Applied(projections, { snapshots, kept, logger })
}
