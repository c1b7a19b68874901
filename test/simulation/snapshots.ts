import type { Snapshot, SnapshotStore } from '@reckon/eventing'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Timeline } from './timeline.ts'

const writeMsMax = 200

/** The disk of one program, on which its snapshots outlive it. One that was being written at a kill may be there, torn, or not. */
export class SimulatedSnapshots {
  readonly #world: { timeline: Timeline; random: Random }
  readonly #texts = new Map<string, string>()

  constructor(world: { timeline: Timeline; random: Random }) {
    this.#world = world
  }

  /** The disk as one run of the program reaches it. */
  for(process: SimulatedProcess): SnapshotStore {
    const { timeline, random } = this.#world
    const texts = this.#texts
    return {
      async load(name) {
        const text = texts.get(name)
        return text === undefined ? undefined : asSnapshot(text)
      },
      save(name, snapshot) {
        const text = JSON.stringify(snapshot)
        return process.promise<void>((resolve) => {
          timeline.after(random.between(0.1, writeMsMax), () => {
            if (process.state !== 'Killed') texts.set(name, text)
            else if (random.chance(0.3)) texts.set(name, text)
            else if (random.chance(0.5)) texts.set(name, text.slice(0, random.below(text.length)))
            resolve()
          })
        })
      },
    }
  }
}

/** As the files' adapter: what cannot be read is none. */
function asSnapshot(text: string): Snapshot | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
