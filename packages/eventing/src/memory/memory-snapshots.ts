import type { SnapshotHead, SnapshotRecord, SnapshotStore } from '../snapshots.ts'

/** Snapshots for tests and simulation: they outlive a reader, not the process. */
export function createMemorySnapshots(): SnapshotStore {
  const kept = new Map<string, { head: SnapshotHead; lines: readonly string[] }>()
  return {
    async load(name) {
      const found = kept.get(name)
      if (found === undefined) return undefined
      return {
        ...found.head,
        async *records() {
          for (const line of found.lines) yield JSON.parse(line) as SnapshotRecord
        },
        async [Symbol.asyncDispose]() {},
      }
    },
    async save(name, { witnesses, projections, records }) {
      const lines = Array.from(records, (record) => JSON.stringify(record))
      kept.set(name, { head: { witnesses, projections }, lines })
    },
  }
}
