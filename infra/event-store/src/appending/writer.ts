import { explainStorageError } from '../storage/database.ts'
import { LogScrubber } from '../storage/log-scrubber.ts'
import type { Storage } from '../storage/storage.ts'
import { applyWrite, type Write, type WriteEffects, type WriteOutcome } from './apply-write.ts'
import { type QueuedWrite, type WriteFailed, WriteQueue } from './write-queue.ts'

/** Records the writes of all connections in the order of their arrival. */
export interface Writer {
  /** Resolves once the write is durable, or refused; never rejects. `bytes` is the size of its events. */
  submit(write: Write, bytes: number): Promise<WriteOutcome | WriteFailed>
  /** More bytes wait than one transaction takes: senders should pause until `whenRoom`. */
  isCrowded(): boolean
  whenRoom(resume: () => void): void
  /** Records the waiting writes, then accepts no more. */
  close(): void
}

/** The parts of a writer. */
export interface WriterOptions {
  readonly storage: Storage
  readonly clock: { now(): number }
  /** Called after each commit with the streams that have new events. */
  readonly onCommit: (streams: ReadonlySet<string>) => void
  readonly log: (line: string) => void
}

/** How many turns of the event loop a transaction may wait for more writes. */
const gatherRoundsMax = 8

/**
 * Group commit: whatever arrives during one turn of the event loop becomes one transaction and one
 * fsync, after which all are acknowledged.
 */
export class GroupCommit implements Writer {
  readonly #options: WriterOptions
  readonly #queue = new WriteQueue()
  readonly #scrubber: LogScrubber
  #scheduled: NodeJS.Immediate | undefined
  #isFailing = false
  #isClosed = false

  constructor(options: WriterOptions) {
    this.#options = options
    this.#scrubber = new LogScrubber(options.storage, options.log)
  }

  submit(write: Write, bytes: number): Promise<WriteOutcome | WriteFailed> {
    if (this.#isClosed) {
      return Promise.resolve({ type: 'Failed', reason: 'the event store is stopping' })
    }
    const outcome = this.#queue.add(write, bytes)
    this.#schedule()
    return outcome
  }

  isCrowded(): boolean {
    return this.#queue.isCrowded
  }

  whenRoom(resume: () => void): void {
    this.#queue.whenRoom(resume)
  }

  close(): void {
    this.#isClosed = true
    while (this.#queue.length > 0) this.#flush()
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled)
    this.#scheduled = undefined
    this.#scrubber.close()
  }

  /** Waits for more writes as long as some arrive, up to a limit: an fsync costs more than a short wait. */
  #schedule(): void {
    this.#scheduled ??= setImmediate(this.#gather, this.#queue.length, 0)
  }

  readonly #gather = (before: number, rounds: number): void => {
    const { length, isCrowded } = this.#queue
    if (length > before && rounds < gatherRoundsMax && !isCrowded) {
      this.#scheduled = setImmediate(this.#gather, length, rounds + 1)
    } else this.#flush()
  }

  #flush(): void {
    this.#scheduled = undefined
    const turn = this.#queue.takeTurn()
    const { storage, clock, onCommit, log } = this.#options
    const effects: WriteEffects = { touched: new Set(), scrubbed: false }
    const nowMs = clock.now()
    let outcomes: WriteOutcome[]
    try {
      storage.begin()
      outcomes = turn.map(({ write }) => applyWrite(write, { storage, nowMs, effects }))
      storage.commit()
    } catch (error) {
      this.#fail(turn, error)
      return
    }
    if (this.#isFailing) log('the event store can write again')
    this.#isFailing = false
    if (effects.scrubbed) this.#scrubAfter(turn)
    turn.forEach(({ settle }, index) => {
      const outcome = outcomes[index]
      if (outcome !== undefined) settle(outcome)
    })
    if (effects.touched.size > 0) onCommit(effects.touched)
    this.#goOn()
  }

  #fail(turn: readonly QueuedWrite[], error: unknown): void {
    const { storage, log } = this.#options
    const reason = explainStorageError(error)
    if (!this.#isFailing) log(`the event store cannot write: ${reason}`)
    this.#isFailing = true
    try {
      storage.rollback()
    } catch (rollbackError) {
      log(`the event store cannot undo a failed write: ${explainStorageError(rollbackError)}`)
    }
    for (const { settle } of turn) settle({ type: 'Failed', reason })
    this.#goOn()
  }

  #goOn(): void {
    if (this.#queue.length > 0) this.#schedule()
    this.#queue.offerRoom()
  }

  /** A tombstone is answered only once its stream's bytes are gone; what limits remove may go later. */
  #scrubAfter(turn: readonly QueuedWrite[]): void {
    if (turn.some(({ write }) => write.type === 'Tombstone')) this.#scrubber.scrub()
    else this.#scrubber.scrubSoon()
  }
}
