import { explainStorageError } from '../storage/database.ts'
import type { Storage } from '../storage/storage.ts'
import { applyWrite, type Write, type WriteEffects, type WriteOutcome } from './apply-write.ts'

/** A write that the disk or the file refused: nothing of it can be seen. */
export interface WriteFailed {
  readonly type: 'Failed'
  readonly reason: string
}

/** Takes writes from every connection and records them in the order in which they came. */
export interface Writer {
  /** Resolves once the write is durable, or refused; never rejects. `bytes` is the size of its events. */
  submit(write: Write, bytes: number): Promise<WriteOutcome | WriteFailed>
  /** More bytes wait than one turn writes: whoever sends more should pause until `whenRoom`. */
  isCrowded(): boolean
  whenRoom(resume: () => void): void
  /** Records what waits, then takes no more. */
  close(): void
}

/** What a writer is made of. */
export interface WriterOptions {
  readonly storage: Storage
  readonly clock: { now(): number }
  /** Called after each commit with the streams that have new events. */
  readonly onCommit: (streams: ReadonlySet<string>) => void
  readonly log: (line: string) => void
}

interface Waiting {
  readonly write: Write
  readonly bytes: number
  readonly settle: (outcome: WriteOutcome | WriteFailed) => void
}

/** One transaction takes no more than this: a huge one would stall every connection. */
const turnBytesMax = 16 << 20

/** What a row costs besides its bytes: many small events keep a transaction busy as few large ones do. */
const rowBytes = 512

/** How many turns of the event loop a transaction may wait for more writes. */
const gatherRoundsMax = 8

/** How long removed events may stay in the write-ahead log, so that one scrub serves many removals. */
const scrubDelayMs = 1000

/**
 * Group commit: whatever arrives during one turn of the event loop becomes one transaction and one
 * fsync, after which all are acknowledged.
 */
export function createWriter({ storage, clock, onCommit, log }: WriterOptions): Writer {
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let resumes: (() => void)[] = []
  let scheduled: NodeJS.Immediate | undefined
  let scrubTimer: NodeJS.Timeout | undefined
  let failing = false
  let closed = false

  /** Waits for more as long as more comes, within reason: an fsync costs more than a short wait. */
  function schedule(): void {
    scheduled ??= setImmediate(gather, waiting.length, 0)
  }

  function gather(before: number, rounds: number): void {
    if (waiting.length > before && rounds < gatherRoundsMax && !isCrowded()) {
      scheduled = setImmediate(gather, waiting.length, rounds + 1)
    } else flush()
  }

  function flush(): void {
    scheduled = undefined
    const turn = takeTurn()
    const effects: WriteEffects = { touched: new Set(), scrubbed: false }
    const nowMs = clock.now()
    let outcomes: WriteOutcome[]
    try {
      storage.begin()
      outcomes = turn.map(({ write }) => applyWrite(write, { storage, nowMs, effects }))
      storage.commit()
    } catch (error) {
      fail(turn, error)
      return
    }
    if (failing) log('the event store can write again')
    failing = false
    if (effects.scrubbed) scrubAfter(turn)
    turn.forEach(({ settle }, index) => {
      const outcome = outcomes[index]
      if (outcome !== undefined) settle(outcome)
    })
    if (effects.touched.size > 0) onCommit(effects.touched)
    goOn()
  }

  function takeTurn(): Waiting[] {
    let bytes = 0
    let count = 0
    while (count < waiting.length && (count === 0 || bytes < turnBytesMax)) {
      bytes += waiting[count++]?.bytes ?? 0
    }
    const turn = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingBytes -= bytes
    return turn
  }

  function fail(turn: readonly Waiting[], error: unknown): void {
    const reason = explainStorageError(error)
    if (!failing) log(`the event store cannot write: ${reason}`)
    failing = true
    try {
      storage.rollback()
    } catch (rollbackError) {
      log(`the event store cannot undo a failed write: ${explainStorageError(rollbackError)}`)
    }
    for (const { settle } of turn) settle({ type: 'Failed', reason })
    goOn()
  }

  function goOn(): void {
    if (waiting.length > 0) schedule()
    if (isCrowded()) return
    const ready = resumes
    resumes = []
    for (const resume of ready) resume()
  }

  function isCrowded(): boolean {
    return waitingBytes > turnBytesMax
  }

  /** A tombstone is answered only when its stream's bytes are gone; limits may take a moment. */
  function scrubAfter(turn: readonly Waiting[]): void {
    if (turn.some(({ write }) => write.type === 'Tombstone')) scrub()
    else scrubTimer ??= setTimeout(scrub, scrubDelayMs).unref()
  }

  function scrub(): void {
    clearTimeout(scrubTimer)
    scrubTimer = undefined
    try {
      storage.scrubLog()
    } catch (error) {
      log(`removed events stay in the write-ahead log for now: ${explainStorageError(error)}`)
      scrubTimer = setTimeout(scrub, scrubDelayMs).unref()
    }
  }

  return {
    submit(write, eventBytes) {
      if (closed) return Promise.resolve({ type: 'Failed', reason: 'the event store is stopping' })
      const rows = write.type === 'Append' ? write.events.length : 1
      const bytes = eventBytes + rows * rowBytes
      return new Promise((settle) => {
        waiting.push({ write, bytes, settle })
        waitingBytes += bytes
        schedule()
      })
    },
    isCrowded,
    whenRoom: (resume) => resumes.push(resume),
    close() {
      closed = true
      while (waiting.length > 0) flush()
      if (scheduled !== undefined) clearImmediate(scheduled)
      scheduled = undefined
      if (scrubTimer !== undefined) scrub()
      clearTimeout(scrubTimer)
    },
  }
}
