import { join } from 'node:path'
import type { Projection, SegmentStore, SnapshotStore } from '@reckon/eventing'
import {
  createFileSegments,
  createFileSnapshots,
  type FileSnapshotsOptions,
} from '@reckon/eventing/files'

type KeptOnMachine = {
  snapshots: { store: SnapshotStore; name: string }
  segments: SegmentStore
}

/** The version of the snapshots' form; it is part of their names, so that those of another form are not read. */
const snapshotForm = 6

/** Where the readers of a service store what they have read: below its folder, by the form of their projections. */
export function keptOnMachine(
  service: string,
  dataDir: string,
  options?: FileSnapshotsOptions,
): (projections: readonly Projection[]) => KeptOnMachine {
  const store = createFileSnapshots(join(dataDir, 'snapshots'), options)
  const segments = createFileSegments(join(dataDir, 'segments'))
  return (projections) => {
    const forms = projections.flatMap(({ form }) => form ?? [])
    return { snapshots: { store, name: [service, snapshotForm, ...forms].join('-') }, segments }
  }
}
