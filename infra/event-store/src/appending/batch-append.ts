import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js'
import { type AppendError, encodeBatchAppendError } from '../protocol/batch-append-error.ts'
import type { BatchAppendPart, WriteTarget } from '../protocol/decode.ts'
import { encodeBatchAppendSuccess } from '../protocol/encode.ts'
import { invalidArgument } from '../protocol/errors.ts'
import type { WriteOutcome } from './apply-write.ts'
import type { ProposedEvent } from './proposed-event.ts'
import { eventBytes, findCountFault, findEventFault, findStreamFault } from './write-rules.ts'
import type { WriteFailed, Writer } from './writer.ts'

/** What the writing calls need. */
export interface Writing {
  readonly writer: Writer
  readonly clock: { now(): number }
  readonly maxAppendSizeBytes: number
  /** The bytes of all appends of which the last part has not come, of whatever connection. */
  readonly unfinished: { bytes: number }
}

/** An append of which the last part has not come. */
interface Unfinished {
  readonly target: WriteTarget
  readonly events: ProposedEvent[]
  readonly timer: NodeJS.Timeout
  bytes: number
}

type Call = ServerDuplexStream<BatchAppendPart, Buffer>

/** The parts of an append must all have come after this time, whatever its deadline says. */
export const partsMsMax = 60_000

/** All unfinished appends together, and those of one call. */
const unfinishedBytesMax = 256 << 20
const unfinishedOfCallMax = 1000

/** An encoded UUID is shorter, in either form. */
const correlationBytesMax = 64

/** Where an append goes that does not say so. */
const nowhere: WriteTarget = { stream: '', expected: 'Any', deadlineMs: Number.POSITIVE_INFINITY }

/** A client that does not read its answers gets no more of them than this. */
const answersWaitingMax = 4096

/** `Streams/BatchAppend`: many appends over one call, each answered exactly once. */
export function batchAppend(writing: Writing): handleBidiStreamingCall<BatchAppendPart, Buffer> {
  return (call) => serve(call, writing)
}

function serve(call: Call, writing: Writing): void {
  const { writer, clock, maxAppendSizeBytes } = writing
  const unfinished = new Map<string, Unfinished>()
  // Later parts of an append that was already refused are dropped: it has had its answer.
  const refused = new Set<string>()
  let answersDue = 0
  let ended = false

  function answer(message: Buffer): void {
    answersDue--
    if (call.cancelled || call.writableEnded) return
    if (!call.write(message) && call.writableLength > answersWaitingMax) call.pause()
    if (ended && answersDue === 0) call.end()
  }

  function refuse(part: BatchAppendPart, target: WriteTarget, error: AppendError): void {
    drop(part)
    if (!part.isFinal) refused.add(keyOf(part))
    if (refused.size > unfinishedOfCallMax) {
      call.emit('error', invalidArgument('too many appends were begun and never ended'))
      return
    }
    answersDue++
    answer(encodeBatchAppendError(part.correlation, target.stream, target.expected, error))
  }

  function drop(part: BatchAppendPart): void {
    const key = keyOf(part)
    const append = unfinished.get(key)
    if (append === undefined) return
    clearTimeout(append.timer)
    unfinished.delete(key)
    writing.unfinished.bytes -= append.bytes
  }

  function receive(part: BatchAppendPart): void {
    if (part.correlation.length > correlationBytesMax) {
      call.emit('error', invalidArgument('a correlation id is a UUID'))
      return
    }
    if (refused.size > 0 && refused.has(keyOf(part))) {
      if (part.isFinal) refused.delete(keyOf(part))
      return
    }
    const earlier = unfinished.get(keyOf(part))
    const target = earlier?.target ?? part.target ?? nowhere
    let bytes = earlier?.bytes ?? 0
    for (const event of part.events) bytes += eventBytes(event)
    const error = findError(part, target, { bytes, earlier })
    if (error !== undefined) refuse(part, target, error)
    else if (!part.isFinal) keep(part, target, earlier, bytes)
    else {
      drop(part)
      const events = earlier === undefined ? part.events : [...earlier.events, ...part.events]
      submit(part.correlation, target, events, bytes)
    }
  }

  function findError(
    part: BatchAppendPart,
    target: WriteTarget,
    { bytes, earlier }: { bytes: number; earlier: Unfinished | undefined },
  ): AppendError | undefined {
    const fault =
      findStreamFault(target.stream) ??
      findCountFault((earlier?.events.length ?? 0) + part.events.length)
    if (fault !== undefined) return fault
    if (target.deadlineMs <= clock.now()) return { type: 'Timeout' }
    if (bytes > maxAppendSizeBytes) return { type: 'TooLarge', bytesMax: maxAppendSizeBytes }
    if (writing.unfinished.bytes > unfinishedBytesMax || unfinished.size > unfinishedOfCallMax) {
      return { type: 'Failed', reason: 'too many appends are unfinished' }
    }
    for (const event of part.events) {
      const eventFault = findEventFault(event, target.stream)
      if (eventFault !== undefined) return eventFault
    }
    return undefined
  }

  function keep(
    part: BatchAppendPart,
    target: WriteTarget,
    earlier: Unfinished | undefined,
    bytes: number,
  ): void {
    writing.unfinished.bytes += bytes - (earlier?.bytes ?? 0)
    if (earlier !== undefined) {
      earlier.events.push(...part.events)
      earlier.bytes = bytes
      return
    }
    const waitMs = Math.min(target.deadlineMs - clock.now(), partsMsMax)
    const timer = setTimeout(() => refuse(part, target, { type: 'Timeout' }), waitMs)
    unfinished.set(keyOf(part), { target, events: [...part.events], bytes, timer })
  }

  function submit(
    correlation: Buffer,
    { stream, expected }: WriteTarget,
    events: readonly ProposedEvent[],
    bytes: number,
  ): void {
    answersDue++
    writer
      .submit({ type: 'Append', stream, expected, events }, bytes)
      .then((outcome) => answer(encodeOutcome(outcome, correlation, stream, expected)))
    if (!writer.isCrowded()) return
    call.pause()
    writer.whenRoom(() => call.resume())
  }

  function stop(): void {
    for (const { timer, bytes } of unfinished.values()) {
      clearTimeout(timer)
      writing.unfinished.bytes -= bytes
    }
    unfinished.clear()
  }

  call.on('data', receive)
  call.on('drain', () => call.resume())
  call.on('cancelled', stop)
  call.on('error', stop)
  call.on('end', () => {
    stop()
    ended = true
    if (answersDue === 0) call.end()
  })
}

function keyOf(part: BatchAppendPart): string {
  return part.correlation.toString('latin1')
}

function encodeOutcome(
  outcome: WriteOutcome | WriteFailed,
  correlation: Buffer,
  stream: string,
  expected: WriteTarget['expected'],
): Buffer {
  return outcome.type === 'Written'
    ? encodeBatchAppendSuccess(correlation, stream, outcome)
    : encodeBatchAppendError(correlation, stream, expected, outcome)
}
