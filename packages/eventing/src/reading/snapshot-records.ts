import type { AboutRecord, SnapshotRecord } from '../snapshots.ts'
import type { Projection } from './projection.ts'

/** Each projection's records, as of this call. */
export function snapshotRecords(projections: readonly Projection[]): Iterable<SnapshotRecord> {
  const all = projections.map((projection) => projection.snapshot?.() ?? [])
  return all
    .values()
    .flatMap((records, index) =>
      Iterator.from(records).map(
        (record): SnapshotRecord => [index, record, aboutRecord(projections[index], record)],
      ),
    )
}

const aboutRecord = (of: Projection | undefined, record: unknown): AboutRecord => ({
  key: of?.keyOf?.(record),
  isPassing: of?.isPassing?.(record) ?? false,
})
