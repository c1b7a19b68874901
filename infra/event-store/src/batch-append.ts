import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js'
import { eventBytes, findFault } from './append-size.ts'
import type { WriteOutcome } from './apply-write.ts'
import { type AppendError, encodeBatchAppendError } from './batch-append-error.ts'
import type { BatchAppendPart, ProposedEvent, WriteTarget } from './decode.ts'
import { encodeBatchAppendSuccess } from './encode.ts'
import { invalidArgument } from './errors.ts'
import type { WriteFailed, Writer } from './writer.ts'

/** What the writing calls need. */
export interface Writing {
  readonly writer: Writer
  readonly clock: { now(): number }
  readonly maxAppendSizeBytes: number
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
const partsMsMax = 60_000

/** All unfinished appends of one call together. */
const unfinishedBytesMax = 64 << 20
const unfinishedMax = 1000

/** A client that does not read its answers gets no more of them than this. */
const answersWaitingMax = 4096

/** `Streams/BatchAppend`: many appends over one call, each answered exactly once. */
export function batchAppend(writing: Writing): handleBidiStreamingCall<BatchAppendPart, Buffer> {
  return (call) => serve(call, writing)
}

function serve(call: Call, { writer, clock, maxAppendSizeBytes }: Writing): void {
  const unfinished = new Map<string, Unfinished>()
  // Later parts of an append that was already refused are dropped: it has had its answer.
  const refused = new Set<string>()
  let unfinishedBytes = 0
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
    if (refused.size > unfinishedMax) {
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
    unfinishedBytes -= append.bytes
  }

  function receive(part: BatchAppendPart): void {
    if (refused.size > 0 && refused.has(keyOf(part))) {
      if (part.isFinal) refused.delete(keyOf(part))
      return
    }
    const earlier = unfinished.get(keyOf(part))
    const target = earlier?.target ?? part.target
    if (target === undefined || target.stream === '') {
      const nowhere = { stream: '', expected: 'Any', deadlineMs: 0 } as const
      refuse(part, nowhere, { type: 'Failed', reason: 'an append needs the name of a stream' })
      return
    }
    let bytes = earlier?.bytes ?? 0
    for (const event of part.events) bytes += eventBytes(event)
    const error = findError(part, target, bytes)
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
    bytes: number,
  ): AppendError | undefined {
    if (target.deadlineMs <= clock.now()) return { type: 'Timeout' }
    if (bytes > maxAppendSizeBytes) return { type: 'TooLarge', bytesMax: maxAppendSizeBytes }
    if (unfinishedBytes > unfinishedBytesMax || unfinished.size > unfinishedMax) {
      return { type: 'Failed', reason: 'too many appends are unfinished on this connection' }
    }
    for (const event of part.events) {
      const fault = findFault(event)
      if (fault !== undefined) return { type: 'Failed', reason: fault }
    }
    return undefined
  }

  function keep(
    part: BatchAppendPart,
    target: WriteTarget,
    earlier: Unfinished | undefined,
    bytes: number,
  ): void {
    unfinishedBytes += bytes - (earlier?.bytes ?? 0)
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
    for (const { timer } of unfinished.values()) clearTimeout(timer)
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
