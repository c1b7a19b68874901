import type { KeptSnapshot, SnapshotHead, SnapshotRecord, SnapshotStore } from '@reckon/eventing'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Timeline } from './timeline.ts'

const writeMsMax = 200

/** A snapshot as a file has it: a line for the head and one for each record, and their expected number. */
type Written = { lines: readonly string[]; count: number }

/**
 * The disk of one program, on which its snapshots outlive it. A snapshot that was being written at a kill may be there,
 * torn, or missing.
 */
export class SimulatedSnapshots {
  readonly #world: { timeline: Timeline; random: Random }
  readonly #written = new Map<string, Written>()

  constructor(world: { timeline: Timeline; random: Random }) {
    this.#world = world
  }

  /** The disk as one run of the program reaches it. */
  for(process: SimulatedProcess): SnapshotStore {
    const { timeline, random } = this.#world
    const all = this.#written
    return {
      async load(name) {
        const written = all.get(name)
        return written === undefined ? undefined : keptIn(written)
      },
      async loadAt() {
        return undefined
      },
      save(name, { records, ...head }) {
        const lines = [
          JSON.stringify(head),
          ...Array.from(records, ([projection, record]) => JSON.stringify([projection, record])),
        ]
        const intact = { lines, count: lines.length }
        return process.promise<void>((resolve) => {
          timeline.after(random.between(0.1, writeMsMax), () => {
            const torn = () => ({ ...intact, lines: lines.slice(0, random.below(lines.length)) })
            if (process.state !== 'Killed') all.set(name, intact)
            else if (random.chance(0.3)) all.set(name, intact)
            else if (random.chance(0.5)) all.set(name, torn())
            resolve()
          })
        })
      },
    }
  }
}

/** As in the files' adapter, an incomplete snapshot counts as none. */
function keptIn({ lines: [head, ...records], count }: Written): KeptSnapshot | undefined {
  if (head === undefined || records.length + 1 < count) return undefined
  return {
    ...(JSON.parse(head) as SnapshotHead),
    async *records() {
      for (const line of records) yield JSON.parse(line) as SnapshotRecord
    },
    async texts() {
      return []
    },
    async [Symbol.asyncDispose]() {},
  }
}
