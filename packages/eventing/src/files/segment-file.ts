import { type FileHandle, open } from 'node:fs/promises'
import { isSystemEvent } from '../log/event.ts'
import type { Kept } from '../segments.ts'
import { type Witness, witnessOf } from '../snapshots.ts'
import { blocksOf, headOfBlock } from './blocks.ts'
import { encodeHead, headIn, type SegmentHead } from './segment-head.ts'
import { decodeRecords, Names, RecordEncoder } from './segment-records.ts'

const witnessesMax = 16
/** How many of the last events are considered as witnesses: some of them are the store's own. */
const lookedAt = 4 * witnessesMax

/** A segment file, open for appending. */
export class SegmentFile {
  readonly head: SegmentHead
  readonly #file: FileHandle
  readonly #encoder: RecordEncoder
  /** Newest first. */
  readonly #witnesses: Witness[]
  #last: bigint | undefined
  #bytes: number

  static async create(path: string, head: SegmentHead): Promise<SegmentFile> {
    const file = await open(path, 'w+', 0o600)
    const content = encodeHead(head)
    await file.write(Buffer.concat([headOfBlock(content), content]))
    const bytes = headOfBlock(content).length + content.length
    return new SegmentFile(file, head, { names: new Names(), kept: [], bytes })
  }

  /** Reopens a file and truncates it after its last intact block. Undefined where its head is not intact. */
  static async reopen(path: string): Promise<SegmentFile | undefined> {
    const file = await open(path, 'r+')
    const names = new Names()
    const kept: Kept[] = []
    let head: SegmentHead | undefined
    let bytes = 0
    for await (const blocks of blocksOf(file)) {
      for (const { content, end } of blocks) {
        if (head !== undefined) decodeRecords(content, { names, found: kept })
        else head = headIn(content)
        kept.splice(0, kept.length - lookedAt)
        bytes = end
      }
    }
    if (head !== undefined) {
      await file.truncate(bytes)
      return new SegmentFile(file, head, { names, kept, bytes })
    }
    await file.close()
    return undefined
  }

  private constructor(
    file: FileHandle,
    head: SegmentHead,
    { names, kept, bytes }: { names: Names; kept: readonly Kept[]; bytes: number },
  ) {
    this.#file = file
    this.head = head
    this.#encoder = new RecordEncoder(names)
    this.#bytes = bytes
    this.#witnesses = [...head.witnesses]
    this.#last = head.after === null ? undefined : BigInt(head.after)
    for (const each of kept) this.#note(each)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The position of the last record that was added, or the position that the file follows. */
  get last(): bigint | undefined {
    return this.#last
  }

  get witnesses(): readonly Witness[] {
    return this.#witnesses
  }

  /** Encodes it at once, so that nothing of it is kept until it is written. */
  add(kept: Kept, isSuperseding: boolean): void {
    this.#encoder.add(kept, isSuperseding)
    this.#note(kept)
  }

  /** Writes what was added as one block. */
  async write(): Promise<void> {
    const content = this.#encoder.take()
    if (content.length === 0) return
    const head = headOfBlock(content)
    const { bytesWritten } = await this.#file.writev([head, content], this.#bytes)
    if (bytesWritten < head.length + content.length) throw new Error('a block was written in part')
    this.#bytes += bytesWritten
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #note(kept: Kept): void {
    this.#last = kept.position
    if ('withheld' in kept || isSystemEvent(kept)) return
    this.#witnesses.unshift(witnessOf(kept))
    if (this.#witnesses.length > witnessesMax) this.#witnesses.pop()
  }
}
