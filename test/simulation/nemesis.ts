import { makingNodeOf, persistentVolumeClaims } from '@reckon/kubernetes'
import { HostileNode } from './hostile-node.ts'
import type { Machine } from './machine.ts'
import { noWireFaults } from './network.ts'
import { noStoreFaults } from './store.ts'
import type { ProgramSlot, World } from './world.ts'

/** The faults of a run; the seed draws which occur, and how often. */
type Mischief = { name: string; act(): void }

const pauseMsMax = 8_000
/** Longer than every timeout in the code. */
const longPauseMsMax = 100_000
const jumpMsMax = 120_000
const restoreChance = 0.1
const restoreMsMax = 15_000
const lossMsMax = 15_000
const lostMax = 60
const lossChance = 0.15
const hostileChance = 0.2
const speakEveryMsMax = 600
/** A claim waits no longer than its node needs to create a directory. */
const lookEveryMs = 20
const awayMsMax = 6_000
const longAwayMsMax = 40_000
const silencedMsMax = 60_000
/** Streams whose events are, now and then, the last that their author wrote. */
const fateful = ['persistentvolumeclaims-', 'persistentvolumes-', 'pods-', 'replicasets.apps-']
/** A pod's usage, in thousandths of a CPU. */
const loads = [0, 50, 200, 2_000]

/** Causes faults until told to stop, and then repairs everything that it has broken. */
export class Nemesis {
  readonly #world: World
  readonly #machines: readonly Machine[]
  readonly #mischiefs: readonly Mischief[]
  readonly #everyMs: number
  readonly #pauseMsMax: number
  #isOver = false

  constructor(world: World, machines: readonly Machine[], isLong: boolean) {
    const { random } = world
    this.#world = world
    this.#machines = machines
    this.#mischiefs = this.#all().filter(() => random.chance(0.6))
    this.#everyMs = random.between(300, isLong ? 10_000 : 3_000)
    this.#pauseMsMax = isLong ? longPauseMsMax : pauseMsMax
  }

  start(): void {
    const { timeline, random, trace, store, network } = this.#world
    const rare = (max: number) => (random.chance(0.5) ? random.next() * max : 0)
    store.faults = {
      latencyMsMax: random.between(1, 40),
      answerLost: rare(0.05),
      notSent: rare(0.05),
      killAfterRecording: rare(0.01),
      killOften: random.pick(fateful) ?? '',
      followLost: rare(0.05),
    }
    network.faults = {
      latencyMsMax: random.between(1, 50),
      lost: rare(0.2),
      repeated: rare(0.2),
      late: rare(0.1),
      lateMsMax: random.between(0, 3_000),
    }
    const faults = JSON.stringify({ ...store.faults, ...network.faults })
    trace.record(`faults ${faults} and ${this.#mischiefs.map(({ name }) => name).join(', ')}`)
    const next = () => {
      if (this.#isOver) return
      const mischief = random.pick(this.#mischiefs)
      if (mischief !== undefined) {
        trace.record(`mischief: ${mischief.name}`)
        mischief.act()
      }
      timeline.after(random.between(0, 2 * this.#everyMs), next)
    }
    next()
    if (random.chance(restoreChance)) {
      timeline.after(random.between(0, restoreMsMax), () => {
        this.#world.toBeLost = 1 + random.below(lostMax)
      })
    }
    if (random.chance(hostileChance)) this.#takeOver(random.pick(this.#machines))
    if (random.chance(lossChance)) {
      const loseOne = () => (random.chance(0.5) ? this.#loseOne() : this.#loseAwaited())
      timeline.after(random.between(0, lossMsMax), loseOne)
    }
  }

  /** One machine never returns. */
  #loseOne(among = this.#machines): void {
    const { random, hostile } = this.#world
    const machine = random.pick(among.filter(({ node }) => node !== hostile))
    if (this.#isOver || machine === undefined) return
    this.#world.lose(machine.node)
    void machine.loseAll()
  }

  /** The next machine that is to create a volume for a claim never returns, mostly before it has done so. */
  #loseAwaited(): void {
    const claims = this.#world.history.objects.list(persistentVolumeClaims)
    const awaited = claims.map(({ object }) => makingNodeOf(object))
    const among = this.#machines.filter(({ node }) => awaited.includes(node))
    if (among.length > 0) this.#loseOne(among)
    else if (!this.#isOver) this.#world.timeline.after(lookEveryMs, () => this.#loseAwaited())
  }

  /** An attacker uses a node's credentials, beside its agent. */
  #takeOver(machine: Machine | undefined): void {
    if (machine === undefined) return
    const { timeline, random } = this.#world
    this.#world.hostile = machine.node
    const hostile = new HostileNode(this.#world, machine.node)
    const speakOn = () => {
      if (this.#isOver) return
      hostile.speak()
      timeline.after(random.between(0, speakEveryMsMax), speakOn)
    }
    speakOn()
    const covetOn = () => {
      if (this.#isOver) return
      hostile.covet()
      timeline.after(lookEveryMs, covetOn)
    }
    covetOn()
  }

  /** No faults from here on. */
  stop(): void {
    const { store, network, slots, trace } = this.#world
    trace.record('healed')
    this.#isOver = true
    store.faults = noStoreFaults
    network.faults = noWireFaults
    store.comeBack()
    network.setAway(false)
    for (const machine of this.#machines) {
      machine.setAway(false)
      network.setCutOff(machine.node, false)
    }
    for (const { process } of slots) process?.resume()
    this.#world.clocks.correct()
    for (const slot of slots) {
      if (slot.program.name === `agent@${this.#world.hostile}`) this.#world.kill(slot)
    }
  }

  #all(): Mischief[] {
    const { random, timeline, trace, store, network, slots } = this.#world
    const later = (ms: number, act: () => void) =>
      timeline.after(random.between(0, ms), () => {
        if (!this.#isOver) act()
      })
    const withSlot = (act: (slot: ProgramSlot) => void) => () => {
      const slot = random.pick(slots)
      if (slot?.process?.state === 'Running') act(slot)
    }
    const withMachine = (act: (machine: Machine) => void) => () => {
      const machine = random.pick(this.#machines)
      if (machine !== undefined) act(machine)
    }
    return [
      { name: 'kill', act: withSlot((slot) => this.#world.kill(slot)) },
      { name: 'terminate', act: withSlot((slot) => this.#world.terminate(slot)) },
      {
        name: 'pause',
        act: withSlot(({ process }) => {
          process?.pause()
          later(this.#pauseMsMax, () => process?.resume())
        }),
      },
      {
        name: 'store away',
        act: () => {
          store.leave(random.chance(0.5) ? 'Refusing' : 'Hanging')
          later(awayMsMax, () => store.comeBack())
        },
      },
      {
        name: 'wire away',
        act: () => {
          network.setAway(true)
          later(awayMsMax, () => network.setAway(false))
        },
      },
      {
        name: 'connection lost',
        act: withSlot(({ process }) =>
          network.interrupt(process?.name ?? '', random.between(0, 2_000)),
        ),
      },
      {
        name: 'wire away for long',
        act: () => {
          network.setAway(true)
          later(longAwayMsMax, () => network.setAway(false))
        },
      },
      {
        name: 'node silenced',
        act: withMachine(({ node }) => {
          const { process } = slots.find(({ program }) => program.name === `agent@${node}`) ?? {}
          process?.pause()
          later(silencedMsMax, () => process?.resume())
        }),
      },
      {
        name: 'machine cut off',
        act: withMachine(({ node }) => {
          network.setCutOff(node, true)
          later(silencedMsMax, () => network.setCutOff(node, false))
        }),
      },
      { name: 'clock set', act: () => trace.record(this.#world.clocks.jump(jumpMsMax)) },
      { name: 'power cut', act: withMachine((machine) => this.#powerCut(machine)) },
      { name: 'container dies', act: withMachine((machine) => void this.#endOne(machine)) },
      { name: 'load moves', act: withMachine((machine) => void this.#moveLoad(machine)) },
      {
        name: 'engine away',
        act: withMachine((machine) => {
          machine.setAway(true)
          later(awayMsMax, () => machine.setAway(false))
        }),
      },
    ]
  }

  #powerCut(machine: Machine): void {
    for (const slot of this.#world.slots) {
      if (slot.program.name.endsWith(`@${machine.node}`)) this.#world.kill(slot)
    }
    void machine.loseAll()
  }

  /** Makes a pod idle, or as busy as it can be. */
  async #moveLoad(machine: Machine): Promise<void> {
    const { random } = this.#world
    const { pod } = random.pick(await machine.running()) ?? {}
    if (pod) machine.runtime.use(pod.uid, { cpuMillis: random.pick(loads) ?? 0 })
  }

  async #endOne(machine: Machine): Promise<void> {
    const { pod, container } = this.#world.random.pick(await machine.running()) ?? {}
    if (pod !== undefined && container !== undefined) {
      machine.runtime.exit(pod.uid, container, this.#world.random.chance(0.5) ? 0 : 1)
    }
  }
}
