import type { SnapshotStore } from '../snapshots.ts'

/** Snapshots for tests and simulation: they outlive a reader, not the process. */
export function createMemorySnapshots(): SnapshotStore {
  const texts = new Map<string, string>()
  return {
    async load(name) {
      const text = texts.get(name)
      return text === undefined ? undefined : JSON.parse(text)
    },
    async save(name, snapshot) {
      texts.set(name, JSON.stringify(snapshot))
    },
  }
}
