import {
  type KeptSnapshot,
  recordIn,
  type SnapshotHead,
  type SnapshotRecord,
  type SnapshotStore,
  snapshotPosition,
} from '../snapshots.ts'

type Kept = { head: SnapshotHead; lines: readonly string[] }

/** Snapshots for tests and simulation, which outlive a reader but not the process. All are kept. */
export function createMemorySnapshots(): SnapshotStore {
  const kept = new Map<string, Kept[]>()
  return {
    async load(name) {
      const newest = kept.get(name)?.at(-1)
      return newest && asKept(newest)
    },
    async loadAt(name, position) {
      const found = kept.get(name)?.findLast(({ head }) => snapshotPosition(head) <= position)
      return found && asKept({ ...found, lines: found.lines.filter(isLasting) })
    },
    async save(name, { witnesses, projections, records }) {
      const lines = Array.from(records, (record) => JSON.stringify(record))
      const all = kept.get(name) ?? []
      kept.set(name, [...all, { head: { witnesses, projections }, lines }])
    },
  }
}

const isLasting = (line: string): boolean => (JSON.parse(line) as SnapshotRecord)[2] === undefined

const asKept = ({ head, lines }: Kept): KeptSnapshot => ({
  ...head,
  async *records() {
    for (const line of lines) yield JSON.parse(line) as SnapshotRecord
  },
  async *texts(containing) {
    const wanted = lines.filter((line) => line.includes(containing))
    yield wanted.map((line) => recordIn(Buffer.from(line)))
  },
  async [Symbol.asyncDispose]() {},
})
