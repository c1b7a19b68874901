import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js'
import { type AppendError, encodeBatchAppendError } from '../protocol/batch-append-error.ts'
import type { BatchAppendPart, WriteTarget } from '../protocol/decode.ts'
import { encodeBatchAppendSuccess } from '../protocol/encode.ts'
import { invalidArgument } from '../protocol/errors.ts'
import { sendTogether } from '../serving/send-together.ts'
import type { WriteOutcome } from './apply-write.ts'
import type { ProposedEvent } from './proposed-event.ts'
import {
  type UnfinishedAppend,
  UnfinishedAppends,
  unfinishedOfCallMax,
} from './unfinished-appends.ts'
import type { WriteFailed } from './write-queue.ts'
import { eventBytes, findCountFault, findEventFault, findStreamFault } from './write-rules.ts'
import type { Writer } from './writer.ts'

/** What calls that write need. */
export interface Writing {
  readonly writer: Writer
  readonly clock: { now(): number }
  readonly maxAppendSizeBytes: number
  /** The bytes of all unfinished appends, of all connections. */
  readonly unfinished: { bytes: number }
}

type Call = ServerDuplexStream<BatchAppendPart, Buffer>

/** An append whose parts have not all arrived after this time is refused, whatever its deadline. */
export const partsMsMax = 60_000

/** An encoded UUID is shorter, in either form. */
const correlationBytesMax = 64

/** The target of an append that names none. */
const nowhere: WriteTarget = { stream: '', expected: 'Any', deadlineMs: Number.POSITIVE_INFINITY }

/** The limit of answers that a client has not read. */
const answersWaitingMax = 4096

/** `Streams/BatchAppend`: many appends over one call, each answered exactly once. */
export function batchAppend(writing: Writing): handleBidiStreamingCall<BatchAppendPart, Buffer> {
  return (call) => new BatchAppends(call, writing).serve()
}

/** An append with the part that arrived. */
type Assembled = {
  readonly target: WriteTarget
  readonly earlier: UnfinishedAppend | undefined
  readonly bytes: number
}

/** The appends of one call. */
class BatchAppends {
  readonly #call: Call
  readonly #writing: Writing
  readonly #unfinished: UnfinishedAppends
  // Later parts of a refused append are dropped: it has been answered.
  readonly #refused = new Set<string>()
  #answersDue = 0
  #isEnded = false

  constructor(call: Call, writing: Writing) {
    this.#call = call
    this.#writing = writing
    this.#unfinished = new UnfinishedAppends(writing.unfinished)
  }

  serve(): void {
    sendTogether(this.#call)
    const stop = () => this.#unfinished.clear()
    this.#call.on('data', (part: BatchAppendPart) => this.#receive(part))
    this.#call.on('drain', () => this.#call.resume())
    this.#call.on('cancelled', stop)
    this.#call.on('error', stop)
    this.#call.on('end', () => {
      stop()
      this.#isEnded = true
      if (this.#answersDue === 0) this.#call.end()
    })
  }

  #receive(part: BatchAppendPart): void {
    if (part.correlation.length > correlationBytesMax) {
      this.#call.emit('error', invalidArgument('a correlation id is a UUID'))
      return
    }
    if (this.#refused.size > 0 && this.#refused.has(keyOf(part))) {
      if (part.isFinal) this.#refused.delete(keyOf(part))
      return
    }
    const earlier = this.#unfinished.get(keyOf(part))
    const target = earlier?.target ?? part.target ?? nowhere
    let bytes = earlier?.bytes ?? 0
    for (const event of part.events) bytes += eventBytes(event)
    const assembled = { target, earlier, bytes }
    const error = this.#findError(part, assembled)
    if (error !== undefined) this.#refuse(part, target, error)
    else if (!part.isFinal) this.#keep(part, assembled)
    else {
      this.#unfinished.drop(keyOf(part))
      const events = earlier === undefined ? part.events : [...earlier.events, ...part.events]
      this.#submit(part.correlation, target, { events, bytes })
    }
  }

  #findError(
    part: BatchAppendPart,
    { target, earlier, bytes }: Assembled,
  ): AppendError | undefined {
    const { clock, maxAppendSizeBytes } = this.#writing
    const fault =
      findStreamFault(target.stream) ??
      findCountFault((earlier?.events.length ?? 0) + part.events.length)
    if (fault !== undefined) return fault
    if (target.deadlineMs <= clock.now()) return { type: 'Timeout' }
    if (bytes > maxAppendSizeBytes) return { type: 'TooLarge', bytesMax: maxAppendSizeBytes }
    if (this.#unfinished.isFull)
      return { type: 'Failed', reason: 'too many appends are unfinished' }
    for (const event of part.events) {
      const eventFault = findEventFault(event, target.stream)
      if (eventFault !== undefined) return eventFault
    }
    return undefined
  }

  #keep(part: BatchAppendPart, { target, earlier, bytes }: Assembled): void {
    if (earlier !== undefined) {
      this.#unfinished.extend(earlier, part.events, bytes)
      return
    }
    const waitMs = Math.min(target.deadlineMs - this.#writing.clock.now(), partsMsMax)
    const timer = setTimeout(() => this.#refuse(part, target, { type: 'Timeout' }), waitMs)
    this.#unfinished.begin(keyOf(part), { target, events: [...part.events], bytes, timer })
  }

  #refuse(part: BatchAppendPart, target: WriteTarget, error: AppendError): void {
    this.#unfinished.drop(keyOf(part))
    if (!part.isFinal) this.#refused.add(keyOf(part))
    if (this.#refused.size > unfinishedOfCallMax) {
      this.#call.emit('error', invalidArgument('too many appends were begun and never ended'))
      return
    }
    this.#answersDue++
    this.#answer(encodeBatchAppendError(part.correlation, target.stream, target.expected, error))
  }

  #submit(
    correlation: Buffer,
    target: WriteTarget,
    { events, bytes }: { events: readonly ProposedEvent[]; bytes: number },
  ): void {
    const { writer } = this.#writing
    const { stream, expected } = target
    this.#answersDue++
    writer
      .submit({ type: 'Append', stream, expected, events }, bytes)
      .then((outcome) => this.#answer(encodeOutcome(outcome, correlation, target)))
    if (!writer.isCrowded()) return
    this.#call.pause()
    writer.whenRoom(() => this.#call.resume())
  }

  #answer(message: Buffer): void {
    this.#answersDue--
    const call = this.#call
    if (call.cancelled || call.writableEnded) return
    if (!call.write(message) && call.writableLength > answersWaitingMax) call.pause()
    if (this.#isEnded && this.#answersDue === 0) call.end()
  }
}

function keyOf(part: BatchAppendPart): string {
  return part.correlation.toString('latin1')
}

function encodeOutcome(
  outcome: WriteOutcome | WriteFailed,
  correlation: Buffer,
  { stream, expected }: WriteTarget,
): Buffer {
  return outcome.type === 'Written'
    ? encodeBatchAppendSuccess(correlation, stream, outcome)
    : encodeBatchAppendError(correlation, stream, expected, outcome)
}
