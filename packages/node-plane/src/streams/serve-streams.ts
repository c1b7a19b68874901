import { aborted, type Bus, type Clock, type MalformedMessages } from '@reckon/eventing/bus'
import { isRefusal } from '@reckon/kubernetes'
import { nodeStreamOf, nodeStreams } from '../node-subjects.ts'
import { understood } from '../parse-node-message.ts'
import { NodeStream } from './node-stream.ts'
import { parseStreamRequest } from './parse-stream-message.ts'
import { pieceBytesMax } from './piece-bytes.ts'
import {
  decodeStreamFrame,
  encodeStreamFrame,
  lastNumber,
  type StreamFrame,
} from './stream-frame.ts'
import {
  type RefusalReason,
  refusalReasons,
  type StreamOutcome,
  type StreamRequest,
} from './stream-request.ts'

/** The limit of concurrent streams; more are refused. */
const streamsMax = 1_000

type Ports = { bus: Bus; clock: Clock; malformed: MalformedMessages }

/**
 * Carries out the request of a stream; a refusal that it throws is sent. It must end when the stream's signal aborts.
 */
export type AnswerStream = (request: StreamRequest, stream: NodeStream) => Promise<StreamOutcome>

/** Serves the streams of a node until the signal aborts; rejects if an answer fails by a bug. */
export async function serveStreams(
  ports: Ports,
  node: string,
  answer: AnswerStream,
  signal: AbortSignal,
): Promise<void> {
  const served = new ServedStreams(ports, node, answer)
  const unsubscribe = ports.bus.subscribe(nodeStreams(node), (message) => {
    const frame = understood(ports.malformed, message, decodeStreamFrame)
    if (frame !== undefined) served.receive(frame)
  })
  try {
    await Promise.race([aborted(signal), served.broken])
  } finally {
    unsubscribe()
    await served.endAll()
  }
}

class ServedStreams {
  /** Rejects if an answer fails by a bug. */
  readonly broken: Promise<never>
  readonly #ports: Ports
  readonly #node: string
  readonly #answer: AnswerStream
  readonly #streams = new Map<string, { stream: NodeStream; answered: Promise<void> }>()
  readonly #break: (error: unknown) => void

  constructor(ports: Ports, node: string, answer: AnswerStream) {
    this.#ports = ports
    this.#node = node
    this.#answer = answer
    const { promise, reject } = Promise.withResolvers<never>()
    this.broken = promise
    this.#break = reject
  }

  receive(frame: StreamFrame): void {
    const known = this.#streams.get(frame.stream)
    if (known !== undefined) known.stream.receive(frame)
    else if (frame.content.type === 'Open') this.#open(frame, frame.content.payload)
    // Of a stream that this start of the agent never had, or that has ended: whoever goes on shall know.
    else if (frame.content.type !== 'End')
      this.#refuse(frame.stream, 'NotFound', 'there is no such stream')
  }

  async endAll(): Promise<void> {
    const left = [...this.#streams.values()]
    for (const { stream } of left) {
      stream.end({ type: 'Refused', reason: 'ServiceUnavailable', message: 'the node is stopping' })
    }
    await Promise.all(left.map(({ answered }) => answered))
  }

  #open(frame: StreamFrame, data: Uint8Array): void {
    const subject = nodeStreams(this.#node)
    const request = understood(this.#ports.malformed, { subject, data }, parseStreamRequest)
    if (request === undefined) this.#refuse(frame.stream, 'BadRequest', 'it makes no sense')
    else if (this.#streams.size < streamsMax) this.#begin(frame, request)
    else this.#refuse(frame.stream, 'TooManyRequests', 'the node has too many streams open')
  }

  #begin(frame: StreamFrame, request: StreamRequest): void {
    const stream = new NodeStream(frame.stream, {
      clock: this.#ports.clock,
      send: (message) => this.#send(frame.stream, message),
      pieceBytesMax: pieceBytesMax(this.#ports.bus),
    })
    stream.receive(frame)
    const answered = this.#outcomeOf(request, stream).then((outcome) => {
      if (outcome !== undefined) stream.end(outcome)
      this.#streams.delete(frame.stream)
    })
    this.#streams.set(frame.stream, { stream, answered })
  }

  async #outcomeOf(request: StreamRequest, stream: NodeStream): Promise<StreamOutcome | undefined> {
    try {
      return await this.#answer(request, stream)
    } catch (error) {
      if (isRefusal(error)) {
        const given = refusalReasons.find((each) => each === error.reason)
        return { type: 'Refused', reason: given ?? 'InternalError', message: error.message }
      }
      this.#break(error)
      return undefined
    }
  }

  #refuse(stream: string, reason: RefusalReason, message: string): void {
    const outcome: StreamOutcome = { type: 'Refused', reason, message }
    const payload = new TextEncoder().encode(JSON.stringify(outcome))
    this.#send(
      stream,
      encodeStreamFrame({ stream, number: lastNumber, content: { type: 'End', payload } }),
    )
  }

  #send(stream: string, message: Uint8Array): void {
    this.#ports.bus.publish(nodeStreamOf(this.#node, stream), message)
  }
}
