import type { Bus, Clock, Ids } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { nodeStreamOf, nodeStreams } from '../node-subjects.ts'
import { NodeStream } from './node-stream.ts'
import { pieceBytesMax } from './piece-bytes.ts'
import { decodeStreamFrame } from './stream-frame.ts'
import type { StreamOutcome, StreamRequest } from './stream-request.ts'

/** A node that does not answer for this long is not alive. */
const openMsMax = 10_000

/**
 * Opens a stream to a node, on the api. Resolves when the node has accepted the request; throws its refusal, or
 * `ServiceUnavailable` if it does not answer. The caller must end it.
 */
export async function openStream(
  { bus, clock, ids }: { bus: Bus; clock: Clock; ids: Ids },
  node: string,
  request: StreamRequest,
): Promise<NodeStream> {
  if (!bus.connected) throw unanswered(node)
  const stream = new NodeStream(ids.next(), {
    clock,
    send: (message) => bus.publish(nodeStreams(node), message),
    pieceBytesMax: pieceBytesMax(bus),
  })
  const unsubscribe = bus.subscribe(nodeStreamOf(node, stream.id), ({ data }) => {
    try {
      const frame = decodeStreamFrame(data)
      if (frame.stream === stream.id) stream.receive(frame)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      stream.end({ type: 'Lost', message: error.message })
    }
  })
  void stream.ended.then(unsubscribe)
  stream.ask(new TextEncoder().encode(JSON.stringify(request)))
  const isAnswered = new AbortController()
  const late = clock.sleep(openMsMax, isAnswered.signal).then(() => 'Late' as const)
  const first = await Promise.race([stream.opened, late])
  isAnswered.abort()
  if (first === 'Late') {
    stream.end({ type: 'Cancelled' })
    throw unanswered(node)
  }
  if (stream.signal.aborted) throwUnlessDone(await stream.ended, node)
  return stream
}

/** Throws the reason if it did not end normally. */
function throwUnlessDone(outcome: StreamOutcome, node: string): void {
  if (outcome.type === 'Refused') throw new StatusError(outcome.reason, outcome.message)
  if (outcome.type !== 'Done') throw unanswered(node)
}

const unanswered = (node: string): StatusError =>
  new StatusError('ServiceUnavailable', `node "${node}" does not answer`)
