import { createSimulatedDisk } from '@reckon/agent/simulated-disk'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

type Disk = ReturnType<typeof createSimulatedDisk>
type World = { timeline: Timeline; random: Random; trace: Trace }
/** A pod's container is about to mount this directory. */
export type Mounting = { podUid: string; path: string; isMade: boolean }

const latencyMsMax = 20

/** The directories of volumes on one machine: they outlive its agents, and every pod. */
export class VolumeDirectories {
  /** Those that an agent has created. */
  readonly made = new Set<string>()
  onMounting: (mounting: Mounting) => void = () => {}
  /** An agent is about to remove this directory with its content. */
  onRemoving: (path: string) => void = () => {}
  readonly #node: string
  readonly #world: World
  readonly #disk = createSimulatedDisk()

  constructor(world: World, node: string) {
    this.#world = world
    this.#node = node
  }

  /** The machine's disk as one agent reaches it. What a killed agent had begun ends with it. */
  diskFor(process: SimulatedProcess): Disk {
    const { timeline, random, trace } = this.#world
    const call = (what: string, act: () => void): Promise<void> =>
      process.promise((resolve) => {
        timeline.after(random.between(0.1, latencyMsMax), () => {
          if (process.state === 'Killed') return
          trace.note(`${this.#node} ${what}`)
          act()
          timeline.after(random.between(0.1, latencyMsMax), () => resolve())
        })
      })
    return {
      ...this.#disk,
      place: (podUid, content) => {
        if (content.type !== 'Local') return this.#disk.place(podUid, content)
        const { path, isMade } = content
        return call(`mount ${path}`, () => {
          this.onMounting({ podUid, path, isMade })
          if (isMade) this.made.add(path)
        })
      },
      removeVolume: (name) => {
        const path = this.#disk.volumePath(name)
        return call(`remove ${path}`, () => {
          if (this.made.has(path)) this.onRemoving(path)
          this.made.delete(path)
        })
      },
    }
  }
}
