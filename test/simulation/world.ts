import type { Credentials, Message, RecordedEvent, Vault } from '@reckon/eventing'
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

/** Who looks at everything that happens and throws a Violation. */
export type Observer = {
  onRecorded?(recorded: Recorded): void
  /** A process is about to write. */
  onAppend?(place: Place, stream: string): void
  /** Somebody says something on the wire. */
  onCarried?(envelope: Envelope): void
  /** A message has reached a process. */
  onMessage?(program: Program, message: Message): void
}

/** A program with its present run. */
export type Place = {
  program: Program
  snapshots: SimulatedSnapshots
  segments: SimulatedSegments
  runs: number
  process?: SimulatedProcess
  shown?: Shown
  stop?: AbortController
}

/** The whole simulated cluster: virtual time, one source of chance, the store, the wire, and the programs that run. */
export class World {
  readonly random: Random
  readonly timeline: Timeline
  readonly underWay = new UnderWay()
  readonly trace: Trace
  history: History
  readonly store: SimulatedStore
  readonly network: Network
  readonly clocks: WallClocks
  readonly places: Place[] = []
  /** When the store was last restored. */
  restoredAtMs = Number.NEGATIVE_INFINITY
  /** So many changes are to be lost next: the store is about to be restored from an older copy. */
  toBeLost = 0
  /** The node that somebody has taken over, if any. */
  hostile: string | undefined
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
        this.trace.tell(
          `recorded ${stream}@${revision} ${type} by ${metadata?.actor.user} ${id} at ${position}`,
        )
        this.#record(event)
      }),
    )
    this.network = new Network(this)
    this.clocks = new WallClocks(this)
    this.network.onCarried = (envelope) =>
      this.guard(() => {
        for (const observer of this.#observers) observer.onCarried?.(envelope)
      })
  }

  observe(observers: readonly Observer[]): void {
    this.#observers = observers
  }

  /** The store is restored from an older copy, and everything is started anew: what it lacks has never been. */
  async restore(lost: number): Promise<void> {
    this.restoredAtMs = this.timeline.nowMs
    this.trace.tell(`the store is restored from a copy that lacks ${lost} changes`)
    for (const place of this.places) this.kill(place)
    await this.store.restore(lost)
    this.history = new History(this.#vault)
  }

  /** Tells those who look on of everything that is in the log. */
  async retell(): Promise<void> {
    for await (const event of this.store.log.readAll()) this.#record(event)
  }

  #record(event: RecordedEvent): void {
    const recorded = this.history.record(event)
    for (const observer of this.#observers) observer.onRecorded?.(recorded)
  }

  /** What is thrown inside ends the simulation. */
  guard(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fail(error)
    }
  }

  fail(error: unknown): void {
    if (this.failure === undefined) this.trace.tell(`FAILED ${String(error)}`)
    this.failure ??= error
  }

  add(program: Program): Place {
    const snapshots = new SimulatedSnapshots(this)
    const place = { program, snapshots, segments: new SimulatedSegments(this), runs: 0 }
    this.places.push(place)
    this.start(place)
    return place
  }

  start(place: Place): void {
    const { program } = place
    const clock = this.clocks.of(machineOf(program))
    const name = `${program.name}#${++place.runs}`
    const process = new SimulatedProcess(name, this.timeline, clock)
    const stop = new AbortController()
    place.process = process
    place.stop = stop
    this.trace.tell(`start ${process.name}`)
    const ports = {
      process,
      log: createStoreClient(this, process, {
        crash: () => this.kill(place),
        onAppend: (stream) =>
          this.guard(() => {
            for (const observer of this.#observers) observer.onAppend?.(place, stream)
          }),
      }),
      bus: this.network.connect(process, credentialsOf(program), (message) =>
        this.guard(() => {
          for (const observer of this.#observers) observer.onMessage?.(program, message)
        }),
      ),
      clock: process.clock,
      ids: { next: () => this.random.uuid(), below: (limit: number) => this.random.below(limit) },
      logger: this.#loggerOf(process),
      snapshots: place.snapshots.for(process),
      segments: place.segments.for(process),
      vault: this.#vault,
      draw: (bytes: number) => this.random.bytes(bytes),
    }
    const ended = program.start(ports, stop.signal, (shown) => {
      place.shown = { ...place.shown, ...shown }
    })
    ended.then(
      () => this.#ended(place, process),
      (error) => this.#broke(place, process, error),
    )
  }

  /** SIGKILL. The supervisor starts the program again after a while. */
  kill(place: Place): void {
    const { process } = place
    if (process === undefined || process.state === 'Killed') return
    this.trace.tell(`kill ${process.name}`)
    process.kill()
    delete place.shown
    this.timeline.after(this.random.between(0, restartMsMax), () => this.start(place))
  }

  /** SIGTERM. */
  terminate(place: Place): void {
    const { process, stop } = place
    if (process === undefined || stop === undefined) return
    this.trace.tell(`terminate ${process.name}`)
    process.enter(() => stop.abort())
  }

  #ended(place: Place, process: SimulatedProcess): void {
    const asked = place.stop?.signal.aborted === true && place.process === process
    if (!asked && process.state !== 'Killed') {
      this.fail(new Violation('processes go on', `${process.name} ended by itself`))
      return
    }
    this.kill(place)
  }

  #broke(place: Place, process: SimulatedProcess, error: unknown): void {
    if (process.state === 'Killed') return
    // Who was told to stop while the world is away cannot leave everything in order.
    if (place.stop?.signal.aborted && isRefusal(error)) {
      this.kill(place)
      return
    }
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.fail(new Violation('processes go on', `${process.name} crashed: ${why}`))
  }

  #loggerOf(process: SimulatedProcess) {
    const write = (fields: object, message: string) => {
      const { err } = fields as { err?: unknown }
      const about = err === undefined ? JSON.stringify(fields, withoutBigInts) : String(err)
      this.trace.tell(`${process.name} says: ${message} ${about}`)
    }
    return { info: write, warn: write, error: write }
  }
}

/** What a program may do on the wire: a service what it is for, whatever runs on a node what a node may. */
function credentialsOf(program: Program): Credentials {
  const permissions = servicePermissions[program.service]
  return permissions ? { user: program.service, permissions } : nodeCredentials(machineOf(program))
}

const machineOf = ({ name }: Program): string => name.split('@')[1] ?? ''

const withoutBigInts = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value
