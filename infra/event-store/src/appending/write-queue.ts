import type { Write, WriteOutcome } from './apply-write.ts'

/** The disk or the file refused the write; nothing of it is visible. */
export interface WriteFailed {
  readonly type: 'Failed'
  readonly reason: string
}

/** A write that is not recorded yet. */
export interface QueuedWrite {
  readonly write: Write
  readonly bytes: number
  readonly settle: (outcome: WriteOutcome | WriteFailed) => void
}

/** The limit of a transaction: a huge one would stall every connection. */
const turnBytesMax = 16 << 20

/** What a row costs besides its bytes: many small events take as long as few large ones. */
const rowBytes = 512

/** The waiting writes, in the order of their arrival. */
export class WriteQueue {
  #writes: QueuedWrite[] = []
  #bytes = 0
  #resumes: (() => void)[] = []

  get length(): number {
    return this.#writes.length
  }

  /** More bytes wait than one transaction takes. */
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

  /** The writes of the next transaction; at least one, where any waits. */
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

  /** Resumes those who wait for room, if there is some. */
  offerRoom(): void {
    if (this.isCrowded) return
    const ready = this.#resumes
    this.#resumes = []
    for (const resume of ready) resume()
  }
}
