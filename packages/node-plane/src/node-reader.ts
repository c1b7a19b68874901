import {
  type Bus,
  type Clock,
  type Message,
  oversizedHeader,
  positionHeader,
  previousHeader,
} from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import type {
  NodeChange,
  NodeHead,
  NodeMessage,
  NodeReadPage,
  NodeReadRequest,
  NodeSettings,
  NodeUpsert,
} from './node-message.ts'
import { nodeEvents, nodeHead, nodeRead } from './node-subjects.ts'

/** Everything that a node may know: of its cluster, and the objects. */
export type NodeState = { cluster: string; settings: NodeSettings; objects: readonly NodeUpsert[] }

/** Is told what a node may know, in the order of positions. */
export type NodeListener = {
  /** Everything, as of this position: what is not among the objects is gone. */
  onState(position: bigint, state: NodeState): void
  /** What changed at this position, after all that was told before. */
  onChanges(position: bigint, changes: readonly NodeChange[]): void
  /** Whether after these changes something is missing that only a read brings: the value of a Secret. */
  needsRead?(changes: readonly NodeChange[]): boolean
}

const readTimeoutMs = 5_000
const retryMsMin = 200
const retryMsMax = 2_000
/** More than these waiting for a read to end: the next read brings them cheaper. */
const waitingMax = 10_000

/**
 * Follows the wire of one node until the signal aborts: reads everything at the start, after a gap, and after a
 * lost connection; drops what is old. While api or the wire is away the listener keeps what it has.
 */
export async function runNodeReader(
  ports: { bus: Bus; clock: Clock },
  node: string,
  listener: NodeListener,
  signal: AbortSignal,
): Promise<void> {
  let position: bigint | undefined
  /** The position that the next read has to reach; undefined while nothing is missing. */
  let missing: bigint | undefined = 0n
  let waiting: Message[] = []
  let reconnects = ports.bus.reconnects
  let wake = () => {}

  const miss = (atLeast: bigint) => {
    if (missing === undefined || atLeast > missing) missing = atLeast
    wake()
  }
  const noticeReconnect = () => {
    if (ports.bus.reconnects !== reconnects) miss(position ?? 0n)
    reconnects = ports.bus.reconnects
  }
  const onEvent = (message: Message) => {
    noticeReconnect()
    const at = BigInt(message.headers[positionHeader] ?? '0')
    if (position !== undefined && at <= position) return
    const oversized = message.headers[oversizedHeader] !== undefined
    if (oversized || waiting.length >= waitingMax) {
      waiting = []
      miss(at)
    } else if (missing !== undefined) {
      waiting.push(message)
    } else if (position === undefined || previousOf(message) > position) {
      waiting.push(message)
      miss(previousOf(message))
    } else {
      position = at
      const { changes } = decode<NodeMessage>(message)
      listener.onChanges(at, changes)
      if (listener.needsRead?.(changes)) miss(at)
    }
  }
  const onHead = (message: Message) => {
    noticeReconnect()
    const head = BigInt(decode<NodeHead>(message).position)
    // While a read is under way the next head, a second later, tells whether it was enough.
    if (missing === undefined && position !== undefined && head > position) miss(head)
  }
  const onAbort = () => wake()

  const unsubscribe = [
    ports.bus.subscribe(nodeEvents(node), onEvent),
    ports.bus.subscribe(nodeHead(node), onHead),
  ]
  signal.addEventListener('abort', onAbort)
  let retryMs = retryMsMin
  try {
    while (!signal.aborted) {
      if (missing === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const atLeast: bigint = position !== undefined && position > missing ? position : missing
      const state = await readState(ports.bus, node, atLeast)
      if (signal.aborted) return
      if (state === undefined || state.position < atLeast) {
        await ports.clock.sleep(retryMs, signal)
        retryMs = Math.min(retryMs * 2, retryMsMax)
        continue
      }
      retryMs = retryMsMin
      position = state.position
      listener.onState(state.position, state)
      // What was noticed while the read was under way may be in it already.
      missing = missing <= state.position ? undefined : missing
      const arrived = waiting
      waiting = []
      arrived.forEach(onEvent)
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    for (const end of unsubscribe) end()
  }
}

type ReadState = NodeState & { position: bigint }

/** Everything of one position; undefined when no api answered to the end. */
async function readState(bus: Bus, node: string, atLeast: bigint): Promise<ReadState | undefined> {
  const request: NodeReadRequest = { atLeast: atLeast.toString() }
  const data = new TextEncoder().encode(JSON.stringify(request))
  const objects: NodeUpsert[] = []
  let first: NodeReadPage | undefined
  try {
    for await (const message of bus.requestMany(nodeRead(node), data, {
      timeoutMs: readTimeoutMs,
    })) {
      if (message.data.length === 0) break
      const page = decode<NodeReadPage>(message)
      first ??= page
      objects.push(...page.changes)
    }
  } catch (error) {
    if (!isRefusal(error, 'ServiceUnavailable') && !isRefusal(error, 'Timeout')) throw error
    return undefined
  }
  if (first === undefined) return undefined
  const { cluster, settings } = first
  return { position: BigInt(first.position), cluster, settings, objects }
}

function previousOf(message: Message): bigint {
  const previous = message.headers[previousHeader] ?? '-'
  return previous === '-' ? 0n : BigInt(previous)
}

const decode = <T>(message: Message): T => JSON.parse(new TextDecoder().decode(message.data)) as T
