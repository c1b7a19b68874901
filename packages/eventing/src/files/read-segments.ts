import { type FileHandle, open } from 'node:fs/promises'
import type { Kept, KeptBatch, KeptSpan } from '../segments.ts'
import { blocksOf } from './blocks.ts'
import { headIn, headOf, type SegmentHead } from './segment-head.ts'
import { segmentNumbers, segmentPath } from './segment-path.ts'
import { decodeRecords, Names } from './segment-records.ts'

/**
 * Reads a folder's segments after a position, in order; yields nothing where that position precedes them all. Ends
 * where they end or are damaged, or where one is missing, because their writer may remove the oldest at any time.
 */
export async function* readSegments(
  folder: string,
  { after, upTo, isWanted }: KeptSpan,
): AsyncGenerator<KeptBatch> {
  const numbers = await segmentNumbers(folder)
  const first = await lastBefore(folder, numbers, after)
  let last: bigint | undefined
  for (const number of numbers.filter((each) => first !== undefined && each >= first)) {
    await using file = await opened(folder, number)
    if (file === undefined) return
    const names = new Names(isWanted)
    let head: SegmentHead | undefined
    for await (const blocks of blocksOf(file)) {
      const found: Kept[] = []
      for (const { content } of blocks) {
        if (head === undefined) {
          head = headIn(content)
          const follows = last === undefined || head?.after === String(last)
          if (head === undefined || !follows) return
          continue
        }
        last = decodeRecords(content, { names, after, upTo, found }) ?? last
      }
      if (last !== undefined) yield { kept: found, upTo: last }
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
