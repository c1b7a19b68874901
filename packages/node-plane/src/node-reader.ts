import {
  type Bus,
  backOffMs,
  type Clock,
  type Logger,
  MalformedMessages,
  type Sink,
  WireFollower,
} from '@reckon/eventing/bus'
import type { NodeChange, NodeWireName } from './node-message.ts'
import { nodeWire } from './node-wire.ts'
import { type NodeState, readPages } from './read-pages.ts'

/** Receives the content of one of a node's wires, in the order of positions. */
export type NodeListener = {
  /** Everything, as of the state's position: objects that are not included are gone. */
  onState(state: NodeState): void
  /** What changed at this position, after everything received before. */
  onChanges(position: bigint, changes: readonly NodeChange[]): void
}

export type NodeReaderPorts = { bus: Bus; clock: Clock; log: Logger }

const rests = { minMs: 200, maxMs: 2_000 }
/** The head of the shared wire comes every second, that of a quiet node's own every 10 s. */
const silenceMsMax: Record<NodeWireName, number> = { Shared: 5_000, Own: 25_000 }

/** Follows one wire of a node until the signal aborts. */
export async function runNodeReader(
  ports: NodeReaderPorts,
  { node, wire }: { node: string; wire: NodeWireName },
  listener: NodeListener,
  signal: AbortSignal,
): Promise<void> {
  await new NodeReader(ports, { node, wire }, listener).run(signal)
}

/**
 * Follows one wire of a node. It reads everything at the start, after a gap, after a lost connection, in silence, and
 * on request. While api or NATS is away the listener keeps what it has.
 */
export class NodeReader implements Sink<readonly NodeChange[]> {
  position: bigint | undefined
  readonly #ports: NodeReaderPorts
  readonly #of: { node: string; wire: NodeWireName }
  readonly #listener: NodeListener
  readonly #wire: WireFollower<readonly NodeChange[]>
  readonly #malformed: MalformedMessages
  /** Callers who wait for a read that begins from now on. */
  #waiting: (() => void)[] = []
  #again = new AbortController()

  constructor(
    ports: NodeReaderPorts,
    of: { node: string; wire: NodeWireName },
    listener: NodeListener,
  ) {
    this.#ports = ports
    this.#of = of
    this.#listener = listener
    const options = { silenceMsMax: silenceMsMax[of.wire], logger: ports.log }
    this.#wire = new WireFollower(ports, nodeWire(of.wire, of.node), this, options)
    this.#malformed = new MalformedMessages(ports.log)
  }

  /** Reads everything once more, as of the head of the log or later; resolves once the listener has it. */
  readAgain(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    this.#again.abort()
    return promise
  }

  async run(signal: AbortSignal): Promise<void> {
    const end = this.#wire.listen()
    let failures = 0
    try {
      while (!signal.aborted && !this.#wire.isBroken) {
        this.#wire.hold()
        this.#again = new AbortController()
        const isRead = await this.#read(signal)
        // Also after a failed read: the wire may bring what was missing.
        if (this.position !== undefined) this.#wire.open()
        if (isRead && this.#wire.isOpen) {
          failures = 0
          await this.#wire.live(AbortSignal.any([signal, this.#again.signal]))
        } else {
          failures += 1
          await this.#ports.clock.sleep(backOffMs(failures, rests), signal)
        }
      }
    } finally {
      end()
    }
    this.#wire.throwBroken()
  }

  apply(changes: readonly NodeChange[], position: bigint): void {
    this.position = position
    this.#listener.onChanges(position, changes)
    this.#wire.reached(position)
  }

  /** Whether everything was read, as of a position not below what is known. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const { node, wire } = this.#of
    const served = this.#waiting.length
    const state = await readPages({ bus: this.#ports.bus, malformed: this.#malformed }, node, wire)
    if (state === undefined || signal.aborted) return false
    if (this.position !== undefined && state.position < this.position) return false
    this.position = state.position
    this.#listener.onState(state)
    this.#wire.reached(state.position)
    for (const resolve of this.#waiting.splice(0, served)) resolve()
    return true
  }
}
