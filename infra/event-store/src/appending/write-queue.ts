import type { Write, WriteOutcome } from './apply-write.ts'

/** A write that the disk or the file refused: nothing of it can be seen. */
export interface WriteFailed {
  readonly type: 'Failed'
  readonly reason: string
}

/** A write that was not yet recorded. */
export interface QueuedWrite {
  readonly write: Write
  readonly bytes: number
  readonly settle: (outcome: WriteOutcome | WriteFailed) => void
}

/** One transaction takes no more than this: a huge one would stall every connection. */
const turnBytesMax = 16 << 20

/** What a row costs besides its bytes: many small events keep a transaction busy as few large ones do. */
const rowBytes = 512

/** The writes that wait, in the order in which they came. */
export class WriteQueue {
  #writes: QueuedWrite[] = []
  #bytes = 0
  #resumes: (() => void)[] = []

  get length(): number {
    return this.#writes.length
  }

  /** More bytes wait than one turn writes. */
  get isCrowded(): boolean {
    return this.#bytes > turnBytesMax
  }

  /** `eventBytes` is the size of the write's events. */
  add(write: Write, eventBytes: number): Promise<WriteOutcome | WriteFailed> {
    const rows = write.type === 'Append' ? write.events.length : 1
    const bytes = eventBytes + rows * rowBytes
    return new Promise((settle) => {
      this.#writes.push({ write, bytes, settle })
      this.#bytes += bytes
    })
  }

  /** The writes of one transaction; at least one, where any wait. */
  takeTurn(): readonly QueuedWrite[] {
    let bytes = 0
    let count = 0
    while (count < this.#writes.length && (count === 0 || bytes < turnBytesMax)) {
      bytes += this.#writes[count++]?.bytes ?? 0
    }
    const turn = this.#writes.slice(0, count)
    this.#writes = this.#writes.slice(count)
    this.#bytes -= bytes
    return turn
  }

  whenRoom(resume: () => void): void {
    this.#resumes.push(resume)
  }

  /** Lets those go on who wait for room, where there is some. */
  offerRoom(): void {
    if (this.isCrowded) return
    const ready = this.#resumes
    this.#resumes = []
    for (const resume of ready) resume()
  }
}
