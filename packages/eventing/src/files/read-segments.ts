import { type FileHandle, open } from 'node:fs/promises'
import type { Kept, KeptBatch, KeptSpan } from '../segments.ts'
import { type Superseded, SupersededFinder } from '../superseded.ts'
import { blocksOf } from './blocks.ts'
import { headIn, headOf, type SegmentHead } from './segment-head.ts'
import { segmentNumbers, segmentPath } from './segment-path.ts'
import { decodeRecords, Names, noteRecords } from './segment-records.ts'

/**
 * Reads a folder's segments after a position, in order; yields nothing where that position precedes them all. Ends
 * where they end or are damaged, or where one is missing, because their writer may remove the oldest at any time.
 */
export async function* readSegments(folder: string, span: KeptSpan): AsyncGenerator<KeptBatch> {
  let found: Kept[] = []
  const decode = (content: Buffer, names: Names) =>
    decodeRecords(content, { ...span, names, found })
  for await (const upTo of blocksAfter(folder, { ...span, decode })) {
    yield { kept: found, upTo }
    found = []
  }
}

/** Finds what is superseded in a folder's segments after a position, from the heads of their records. */
export async function findSuperseded(
  folder: string,
  { after, spared }: { after: bigint | undefined; spared: number },
): Promise<Superseded | undefined> {
  const finder = new SupersededFinder(spared)
  const decode = (content: Buffer, names: Names) => noteRecords(content, { after, names, finder })
  for await (const _ of blocksAfter(folder, { after, decode }));
  return finder.found()
}

type Decoding = KeptSpan & { decode(content: Buffer, names: Names): bigint | undefined }

/** Decodes the blocks of records after a position, several at a time, and yields how far they go. */
async function* blocksAfter(
  folder: string,
  { after, decode, ...wanted }: Decoding,
): AsyncGenerator<bigint> {
  const numbers = await segmentNumbers(folder)
  const first = await lastBefore(folder, numbers, after)
  let last: bigint | undefined
  for (const number of numbers.filter((each) => first !== undefined && each >= first)) {
    await using file = await opened(folder, number)
    if (file === undefined) return
    const names = new Names(wanted)
    let head: SegmentHead | undefined
    for await (const blocks of blocksOf(file)) {
      for (const { content } of blocks) {
        if (head === undefined) {
          head = headIn(content)
          const follows = number === first || head?.after === String(last)
          if (head === undefined || !follows) return
          continue
        }
        last = decode(content, names) ?? last
      }
      if (last !== undefined) yield last
    }
  }
}

/** The newest file that begins at or before a position; undefined where none does, or one that is looked at is damaged. */
async function lastBefore(
  folder: string,
  numbers: readonly number[],
  position = -1n,
): Promise<number | undefined> {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    await using file = await opened(folder, numbers[middle] ?? 0)
    const head = file && (await headOf(file))
    if (head === undefined) return undefined
    if ((head.after === null ? -1n : BigInt(head.after)) <= position) low = middle + 1
    else high = middle
  }
  return numbers[low - 1]
}

async function opened(folder: string, number: number): Promise<FileHandle | undefined> {
  return open(segmentPath(folder, number)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
}
