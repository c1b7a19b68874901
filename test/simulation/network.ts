import type { Bus, Credentials, Message } from '@reckon/eventing'
import {
  createMemoryHub,
  type Envelope,
  type MemoryBus,
  type MemoryHub,
} from '@reckon/eventing/memory'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** How often the wire fails, as drawn by the seed. */
export type WireFaults = {
  latencyMsMax: number
  lost: number
  repeated: number
  /** Delayed by up to `lateMsMax`. */
  late: number
  lateMsMax: number
}

export const noWireFaults: WireFaults = {
  latencyMsMax: 2,
  lost: 0,
  repeated: 0,
  late: 0,
  lateMsMax: 0,
}

const smallBytesMax = 8 * 1024
const heldMax = 500
const retryMs = 2_000

type Connection = { process: SimulatedProcess | undefined; bus: MemoryBus }

/** The wire of the simulated world: the memory twin, with messages that are delayed, lost and duplicated. */
export class Network {
  faults: WireFaults = noWireFaults
  /** Called for each message. */
  onCarried: (envelope: Envelope) => void = () => {}
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #trace: Trace
  readonly #hub: MemoryHub
  readonly #connections = new Map<string, Connection>()
  readonly #lastAt = new Map<string, number>()
  #isAway = false
  /** The machines that are cut off. */
  readonly #cutOff = new Set<string>()

  constructor({ timeline, random, trace }: { timeline: Timeline; random: Random; trace: Trace }) {
    this.#timeline = timeline
    this.#random = random
    this.#trace = trace
    const clock = new AskersClock(timeline)
    // Now and then so small that pages are split and large events are sent as their position only.
    const payloadBytesMax = random.chance(0.3) ? smallBytesMax : 1024 * 1024
    this.#hub = createMemoryHub({
      clock,
      payloadBytesMax,
      deliver: (handOver, envelope) => {
        this.onCarried(envelope)
        this.#carry(handOver, envelope.from, envelope.to, envelope.subject)
      },
    })
  }

  /** The wire as one process reaches it; `onMessage` sees what arrives. A second connection has a purpose. */
  connect(
    process: SimulatedProcess,
    credentials: Credentials,
    onMessage: (message: Message) => void,
    purpose?: string,
  ): Bus {
    const name = purpose === undefined ? process.name : `${process.name} ${purpose}`
    const bus = this.open(name, credentials, process)
    process.atEnd(() => {
      this.#connections.delete(name)
      void bus.close()
    })
    return guarded(bus, process, onMessage)
  }

  /** A connection of a process, or of a participant that never stops. */
  open(name: string, credentials: Credentials, process?: SimulatedProcess): MemoryBus {
    const bus = this.#hub.connect(name, credentials)
    this.#connections.set(name, { process, bus })
    if (!this.#isReached(name)) bus.lose()
    return bus
  }

  /** Stops or starts nats-server. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway
    this.#settle()
  }

  /** Cuts off everything on a machine, including what is started later; or reconnects it. */
  setCutOff(node: string, isCutOff: boolean): void {
    if (isCutOff) this.#cutOff.add(node)
    else this.#cutOff.delete(node)
    this.#settle()
  }

  #settle(): void {
    for (const [name, { bus }] of this.#connections) {
      if (this.#isReached(name)) bus.find()
      else bus.lose()
    }
  }

  #isReached(name: string): boolean {
    const [process = ''] = name.split(' ')
    return !this.#isAway && !this.#cutOff.has(process.slice(process.indexOf('@') + 1))
  }

  /** Breaks one connection for a moment. */
  interrupt(name: string, forMs: number): void {
    const bus = this.#connections.get(name)?.bus
    if (bus === undefined) return
    bus.lose()
    this.#timeline.after(forMs, () => {
      if (this.#isReached(name)) bus.find()
    })
  }

  /** In order between two participants, as over one connection. */
  #carry(handOver: () => void, from: string, to: string, subject: string): void {
    const { faults } = this
    if (this.#random.chance(faults.lost)) {
      this.#trace.note(`lost ${from} ${to} ${subject}`)
      return
    }
    const late = this.#random.chance(faults.late) ? this.#random.between(0, faults.lateMsMax) : 0
    const travelMs = this.#random.between(0.1, faults.latencyMsMax) + late
    this.#deliver(handOver, { from, to, subject, travelMs })
    if (this.#random.chance(faults.repeated)) {
      this.#deliver(handOver, { from, to, subject, travelMs: travelMs * 2 })
    }
  }

  #deliver(
    handOver: () => void,
    {
      from,
      to,
      subject,
      travelMs,
    }: { from: string; to: string; subject: string; travelMs: number },
  ): void {
    const way = `${from} ${to}`
    const earliest = (this.#lastAt.get(way) ?? 0) + 0.001
    const atMs = Math.max(this.#timeline.nowMs + travelMs, earliest)
    this.#lastAt.set(way, atMs)
    this.#timeline.at(atMs, () => {
      this.#trace.note(`${from} ${to} ${subject}`)
      const connection = this.#connections.get(to)
      if (connection === undefined) return
      const { process } = connection
      if (process) process.enter(handOver)
      else handOver()
      // A server does not wait for slow readers: it closes the connection, and drops what it held.
      if (process?.state === 'Paused' && process.held > heldMax) this.interrupt(to, retryMs)
    })
  }
}

/** Requests wait in world time; whether the answer is received depends on the process. */
class AskersClock {
  readonly #timeline: Timeline

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  now = () => Math.floor(this.#timeline.nowMs)

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const callOff = this.#timeline.after(ms, resolve)
      signal?.addEventListener('abort', () => {
        callOff()
        resolve()
      })
    })
}

/** A connection whose answers reach its process only while that runs. */
function guarded(
  bus: MemoryBus,
  process: SimulatedProcess,
  onMessage: (message: Message) => void,
): Bus {
  const delivered = <T>(promise: Promise<T>): Promise<T> =>
    process.promise((resolve, reject) => void promise.then(resolve, reject))
  return {
    publish: (...given) => bus.publish(...given),
    subscribe: (subject, take, options) =>
      bus.subscribe(
        subject,
        (message) => {
          onMessage(message)
          take(message)
        },
        options,
      ),
    request: (...given) => delivered(bus.request(...given)),
    async *requestMany(...given) {
      const answers = bus.requestMany(...given)[Symbol.asyncIterator]()
      for (;;) {
        const next = await delivered(answers.next())
        if (next.done) return
        onMessage(next.value)
        yield next.value
      }
    },
    payloadBytesMax: bus.payloadBytesMax,
    get reconnects() {
      return bus.reconnects
    },
    get connected() {
      return bus.connected
    },
    onReconnect: (listener) =>
      bus.onReconnect(() => void delivered(Promise.resolve()).then(listener)),
    flush: () => delivered(bus.flush()),
    close: () => bus.close(),
  }
}
