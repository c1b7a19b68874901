import { mkdir, open, rm } from 'node:fs/promises'
import type { Kept, KeptBatch, KeptSpan, SegmentStore, Stretch } from '../segments.ts'
import type { Superseded } from '../superseded.ts'
import { findSuperseded, readSegments } from './read-segments.ts'
import { SegmentFile } from './segment-file.ts'
import { headOf, type SegmentHead } from './segment-head.ts'
import { segmentNumbers, segmentPath } from './segment-path.ts'

export type FileSegmentsOptions = {
  /** The size at which another file is begun. */
  fileBytesMax?: number
  /** At most this many bytes are kept, plus one file. */
  bytesMax?: number
}

const MiB = 1024 * 1024

/**
 * Segments as numbered files in one folder. A file is a sequence of checksummed blocks, one for each write; the first is
 * its head, which says what the file follows. It is read from its beginning, so files are small. One process writes
 * to the folder; any may read it meanwhile.
 */
export function createFileSegments(
  folder: string,
  { fileBytesMax = 4 * MiB, bytesMax = 1024 * MiB }: FileSegmentsOptions = {},
): SegmentStore {
  return new FileSegments(folder, { fileBytesMax, bytesMax })
}

class FileSegments implements SegmentStore {
  readonly #folder: string
  readonly #options: Required<FileSegmentsOptions>
  #newest: { number: number; file: SegmentFile } | undefined
  /** The files before that one, oldest first. */
  #earlier: { number: number; bytes: number }[] = []

  constructor(folder: string, options: Required<FileSegmentsOptions>) {
    this.#folder = folder
    this.#options = options
  }

  async stretch(): Promise<Stretch | undefined> {
    await this.close()
    const numbers = await segmentNumbers(this.#folder)
    const newest = numbers.at(-1)
    if (newest === undefined) return undefined
    const file = await SegmentFile.reopen(this.#path(newest))
    if (file === undefined) {
      await rm(this.#path(newest))
      return this.stretch()
    }
    this.#newest = { number: newest, file }
    const { last, witnesses } = file
    const { after } = await this.#oldestBefore(numbers, file.head)
    if (last === undefined) return undefined
    return { after: after === null ? undefined : BigInt(after), upTo: last, witnesses }
  }

  async begin(after: bigint | undefined): Promise<void> {
    await this.close()
    await mkdir(this.#folder, { recursive: true })
    for (const number of await segmentNumbers(this.#folder)) await rm(this.#path(number))
    this.#earlier = []
    await this.#create(1, { after: asText(after), witnesses: [], bytesBefore: 0 })
  }

  add(kept: Kept, isSuperseding = false): void {
    this.#begun().file.add(kept, isSuperseding)
  }

  async write(): Promise<void> {
    const { number, file } = this.#begun()
    await file.write()
    if (file.bytes < this.#options.fileBytesMax) return
    const { last, witnesses, bytes: bytesBefore } = file
    await file.close()
    this.#earlier.push({ number, bytes: bytesBefore })
    await this.#create(number + 1, { after: asText(last), witnesses, bytesBefore })
    await this.#forgetOldest()
  }

  read(span: KeptSpan): AsyncIterable<KeptBatch> {
    return readSegments(this.#folder, span)
  }

  superseded(span: { after: bigint | undefined; spared: number }): Promise<Superseded | undefined> {
    return findSuperseded(this.#folder, span)
  }

  async close(): Promise<void> {
    const newest = this.#newest
    this.#newest = undefined
    await newest?.file.close()
  }

  #begun(): { number: number; file: SegmentFile } {
    if (this.#newest === undefined) throw new Error('segments are written once they are begun')
    return this.#newest
  }

  #path(number: number): string {
    return segmentPath(this.#folder, number)
  }

  async #create(number: number, head: SegmentHead): Promise<void> {
    this.#newest = { number, file: await SegmentFile.create(this.#path(number), head) }
  }

  /** The head of the oldest file from which nothing is missing; older files are removed. */
  async #oldestBefore(numbers: readonly number[], newest: SegmentHead): Promise<SegmentHead> {
    let oldest = newest
    let number = numbers.at(-1) ?? 0
    this.#earlier = []
    for (const before of numbers.slice(0, -1).reverse()) {
      const head = before + 1 === number ? await this.#intactHead(before, oldest) : undefined
      if (head === undefined) break
      this.#earlier.unshift({ number: before, bytes: oldest.bytesBefore })
      oldest = head
      number = before
    }
    for (const each of numbers.filter((other) => other < number)) await rm(this.#path(each))
    return oldest
  }

  /** The head of a file whose length is the one that the next file states. */
  async #intactHead(number: number, next: SegmentHead): Promise<SegmentHead | undefined> {
    await using file = await open(this.#path(number))
    return (await file.stat()).size === next.bytesBefore ? await headOf(file) : undefined
  }

  async #forgetOldest(): Promise<void> {
    const newestBytes = this.#newest?.file.bytes ?? 0
    let bytes = this.#earlier.reduce((sum, file) => sum + file.bytes, newestBytes)
    while (bytes > this.#options.bytesMax) {
      const oldest = this.#earlier.shift()
      if (oldest === undefined) return
      await rm(this.#path(oldest.number))
      bytes -= oldest.bytes
    }
  }
}

const asText = (position: bigint | undefined): string | null =>
  position === undefined ? null : String(position)
