import {
  type AboutRecord,
  type KeptSnapshot,
  type SnapshotHead,
  type SnapshotRecord,
  type SnapshotStore,
  snapshotPosition,
  textsIn,
} from '../snapshots.ts'

type Line = { json: string; about: AboutRecord }
type Kept = { head: SnapshotHead; lines: readonly Line[] }

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
      const lines = Array.from(records, ([projection, record, about = {}]) => ({
        json: JSON.stringify([projection, record]),
        about,
      }))
      const all = kept.get(name) ?? []
      kept.set(name, [...all, { head: { witnesses, projections }, lines }])
    },
  }
}

const isLasting = ({ about }: Line): boolean => !about.isPassing

const asKept = ({ head, lines }: Kept): KeptSnapshot => ({
  ...head,
  async *records() {
    for (const { json } of lines) yield JSON.parse(json) as SnapshotRecord
  },
  async texts(prefixes) {
    const begins = (key: string) => prefixes.some((prefix) => key.startsWith(prefix))
    const wanted = lines.filter(({ about: { key } }) => key !== undefined && begins(key))
    return [textsIn(Buffer.from(wanted.map(({ json }) => `${json}\n`).join('')))]
  },
  async [Symbol.asyncDispose]() {},
})
