import type { Kept, KeptBatch, KeptSpan, SegmentStore } from '@reckon/eventing'
import { createMemorySegments } from '@reckon/eventing/memory'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Timeline } from './timeline.ts'

const writeMsMax = 20
/** How often a machine restarts without its last writes, and how often a segment in the middle is unreadable. */
const faults = { lostAtStart: 0.2, unreadable: 0.1 }

/**
 * The segments of one program, on a disk that loses data: what was being written at a kill may be there, partly there,
 * or missing; the end may be missing after a start; and a part may be unreadable.
 */
export class SimulatedSegments {
  readonly #world: { timeline: Timeline; random: Random }
  #disk = createMemorySegments()
  /** The events that supersede others. */
  readonly #superseding = new WeakSet<Kept>()
  /** How often the program was started: what an earlier run was writing then is no longer written. */
  #runs = 0

  constructor(world: { timeline: Timeline; random: Random }) {
    this.#world = world
  }

  /** The disk as one run of the program reaches it. */
  for(process: SimulatedProcess): SegmentStore {
    const { timeline, random } = this.#world
    const run = ++this.#runs
    const added: Kept[] = []
    return {
      stretch: async () => {
        if (random.chance(faults.lostAtStart)) await this.#loseEnd()
        return this.#disk.stretch()
      },
      begin: (after) => this.#disk.begin(after),
      add: (kept, isSuperseding) => {
        added.push(kept)
        if (isSuperseding) this.#superseding.add(kept)
      },
      write: () => {
        const events = added.splice(0)
        return process.promise<void>((resolve) => {
          timeline.after(random.between(0.1, writeMsMax), () => {
            if (run !== this.#runs) return
            const isTorn = process.state === 'Killed'
            const written = isTorn ? events.slice(0, random.below(events.length + 1)) : events
            void this.#store(written).then(resolve)
          })
        })
      },
      read: (span) => this.#read(span),
      superseded: (span) => this.#disk.superseded(span),
      close: async () => undefined,
    }
  }

  async *#read(span: KeptSpan): AsyncGenerator<KeptBatch> {
    const { random } = this.#world
    for await (const batch of this.#disk.read(span)) {
      const isReadable = !random.chance(faults.unreadable)
      const kept = isReadable ? batch.kept : batch.kept.slice(0, random.below(batch.kept.length))
      const upTo = kept.at(-1)?.position
      if (upTo !== undefined) yield { kept, upTo }
    }
  }

  async #loseEnd(): Promise<void> {
    const stretch = await this.#disk.stretch()
    const read = await Array.fromAsync(this.#disk.read({ after: stretch?.after }))
    const kept: Kept[] = read.flatMap((batch) => batch.kept)
    const rest = kept.slice(0, this.#world.random.below(kept.length + 1))
    this.#disk = createMemorySegments()
    if (stretch === undefined) return
    await this.#disk.begin(stretch.after)
    await this.#store(rest)
  }

  #store(events: readonly Kept[]): Promise<void> {
    for (const event of events) this.#disk.add(event, this.#superseding.has(event))
    return this.#disk.write()
  }
}
