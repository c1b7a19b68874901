import type { Credentials, Message, NewEvent, RecordedEvent, Vault } from '@reckon/eventing'
import type { Envelope } from '@reckon/eventing/memory'
import { isRefusal } from '@reckon/kubernetes'
import { nodeCredentials, servicePermissions } from '@reckon/node-plane'
import { createVault } from '@reckon/process/trusted'
import { History, type Recorded } from './history.ts'
import { Network } from './network.ts'
import type { Program, Shown } from './programs.ts'
import { Random } from './random.ts'
import { SimulatedSegments } from './segments.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { SimulatedSnapshots } from './snapshots.ts'
import { SimulatedStore } from './store.ts'
import { createStoreClient } from './store-client.ts'
import { Timeline } from './timeline.ts'
import { Trace } from './trace.ts'
import { UnderWay } from './under-way.ts'
import { Violation } from './violation.ts'
import { WallClocks } from './wall-clocks.ts'

const restartMsMax = 3_000

/** How long nodes may be silent, in seconds, as drawn by the seed. */
export type NodeTimeouts = { nodeGraceSeconds: number; tolerationSeconds: number }

/** An observer of everything that happens; it throws a Violation. */
export type Observer = {
  onRecorded?(recorded: Recorded): void
  /** A process is about to write. */
  onAppend?(slot: ProgramSlot, stream: string, events: readonly NewEvent[]): void
  /** A message is sent on the wire. */
  onCarried?(envelope: Envelope): void
  /** A message has reached a process. */
  onMessage?(program: Program, message: Message): void
}

/** A program with its present run. */
export type ProgramSlot = {
  program: Program
  snapshots: SimulatedSnapshots
  segments: SimulatedSegments
  runs: number
  process?: SimulatedProcess
  shown?: Shown
  stop?: AbortController
}

/**
 * The whole simulated cluster: virtual time, the only source of randomness, the store, the wire, and the running
 * programs.
 */
export class World {
  readonly random: Random
  readonly timeline: Timeline
  readonly underWay = new UnderWay()
  readonly trace: Trace
  history: History
  readonly store: SimulatedStore
  readonly network: Network
  readonly clocks: WallClocks
  /** When nodes count as unreachable, and how long pods without tolerations of their own stay there. */
  readonly nodeTimeouts: NodeTimeouts
  readonly slots: ProgramSlot[] = []
  /** When the store was last restored. */
  restoredAtMs = Number.NEGATIVE_INFINITY
  /** The number of changes that are lost next: the store is about to be restored from an older copy. */
  toBeLost = 0
  /** The compromised node, if any. */
  hostile: string | undefined
  /** The machine that never returns, if any. */
  lost: string | undefined
  failure: unknown
  #observers: readonly Observer[] = []
  readonly #vault: Vault

  constructor(seed: number, print?: (line: string) => void) {
    this.random = new Random(seed)
    this.timeline = new Timeline(this.random, () => this.underWay.settled())
    this.trace = new Trace(this.timeline, print)
    const draw = (bytes: number) => this.random.bytes(bytes)
    this.#vault = createVault(draw(32), draw)
    this.history = new History(this.#vault)
    this.store = new SimulatedStore(this.random, (event) =>
      this.guard(() => {
        const { position, stream, revision, type, id, metadata } = event
        this.trace.record(
          `recorded ${stream}@${revision} ${type} by ${metadata?.actor.user} ${id} at ${position}`,
        )
        this.#record(event)
      }),
    )
    this.network = new Network(this)
    this.clocks = new WallClocks(this)
    this.nodeTimeouts = {
      nodeGraceSeconds: 4 + this.random.below(30),
      tolerationSeconds: this.random.below(20),
    }
    this.network.onCarried = (envelope) =>
      this.guard(() => {
        for (const observer of this.#observers) observer.onCarried?.(envelope)
      })
  }

  observe(observers: readonly Observer[]): void {
    this.#observers = observers
  }

  /** Restores the store from an older copy and restarts everything: what the copy lacks never happened. */
  async restore(lost: number): Promise<void> {
    this.restoredAtMs = this.timeline.nowMs
    this.trace.record(`the store is restored from a copy that lacks ${lost} changes`)
    for (const slot of this.slots) this.kill(slot)
    await this.store.restore(lost)
    this.history = new History(this.#vault)
  }

  /** Reports everything in the log to the observers. */
  async replay(): Promise<void> {
    for await (const event of this.store.log.readAll()) this.#record(event)
  }

  #record(event: RecordedEvent): void {
    const recorded = this.history.record(event)
    for (const observer of this.#observers) observer.onRecorded?.(recorded)
  }

  /** An error inside ends the simulation. */
  guard(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fail(error)
    }
  }

  fail(error: unknown): void {
    if (this.failure === undefined) this.trace.record(`FAILED ${String(error)}`)
    this.failure ??= error
  }

  add(program: Program): ProgramSlot {
    const snapshots = new SimulatedSnapshots(this)
    const slot = { program, snapshots, segments: new SimulatedSegments(this), runs: 0 }
    this.slots.push(slot)
    this.start(slot)
    return slot
  }

  start(slot: ProgramSlot): void {
    const { program } = slot
    const clock = this.clocks.of(machineOf(program))
    const name = `${program.name}#${++slot.runs}`
    const process = new SimulatedProcess(name, this.timeline, clock)
    const stop = new AbortController()
    slot.process = process
    slot.stop = stop
    this.trace.record(`start ${process.name}`)
    const credentials = credentialsOf(program)
    const onMessage = (message: Message) =>
      this.guard(() => {
        for (const observer of this.#observers) observer.onMessage?.(program, message)
      })
    const ports = {
      process,
      log: createStoreClient(this, process, {
        crash: () => this.kill(slot),
        onAppend: (stream, events) =>
          this.guard(() => {
            for (const observer of this.#observers) observer.onAppend?.(slot, stream, events)
          }),
      }),
      bus: this.network.connect(process, credentials, onMessage),
      streams: this.network.connect(process, credentials, onMessage, 'streams'),
      clock: process.clock,
      ids: { next: () => this.random.uuid(), below: (limit: number) => this.random.below(limit) },
      logger: this.#loggerOf(process),
      snapshots: slot.snapshots.for(process),
      segments: slot.segments.for(process),
      vault: this.#vault,
      draw: (bytes: number) => this.random.bytes(bytes),
    }
    const ended = program.start(ports, stop.signal, (shown) => {
      slot.shown = { ...slot.shown, ...shown }
    })
    ended.then(
      () => this.#ended(slot, process),
      (error) => this.#broke(slot, process, error),
    )
  }

  /** SIGKILL. The supervisor starts the program again after a while. */
  kill(slot: ProgramSlot): void {
    const { process } = slot
    if (process === undefined || process.state === 'Killed') return
    this.trace.record(`kill ${process.name}`)
    process.kill()
    delete slot.shown
    this.timeline.after(this.random.between(0, restartMsMax), () => {
      if (machineOf(slot.program) !== this.lost) this.start(slot)
    })
  }

  /** Ends a machine for good, with everything on it. */
  lose(machine: string): void {
    this.trace.record(`${machine} is lost for good`)
    this.lost = machine
    for (const slot of this.slots) if (machineOf(slot.program) === machine) this.kill(slot)
  }

  /** SIGTERM. */
  terminate(slot: ProgramSlot): void {
    const { process, stop } = slot
    if (process === undefined || stop === undefined) return
    this.trace.record(`terminate ${process.name}`)
    process.enter(() => stop.abort())
  }

  #ended(slot: ProgramSlot, process: SimulatedProcess): void {
    const asked = slot.stop?.signal.aborted === true && slot.process === process
    if (!asked && process.state !== 'Killed') {
      this.fail(new Violation('processes go on', `${process.name} ended by itself`))
      return
    }
    this.kill(slot)
  }

  #broke(slot: ProgramSlot, process: SimulatedProcess, error: unknown): void {
    if (process.state === 'Killed') return
    // A program that is told to stop while the world is away cannot leave everything in order.
    if (slot.stop?.signal.aborted && isRefusal(error)) {
      this.kill(slot)
      return
    }
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.fail(new Violation('processes go on', `${process.name} crashed: ${why}`))
  }

  #loggerOf(process: SimulatedProcess) {
    const write = (fields: object, message: string) => {
      const { err } = fields as { err?: unknown }
      const about = err === undefined ? JSON.stringify(fields, withoutBigInts) : String(err)
      this.trace.record(`${process.name} says: ${message} ${about}`)
    }
    return { info: write, warn: write, error: write }
  }
}

/** What a program may do on the wire: a service what it is for, programs on a node what the node may. */
function credentialsOf(program: Program): Credentials {
  const permissions = servicePermissions[program.service]
  return permissions ? { user: program.service, permissions } : nodeCredentials(machineOf(program))
}

const machineOf = ({ name }: Program): string => name.split('@')[1] ?? ''

const withoutBigInts = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value
