import { crc32 } from 'node:zlib'

/** The smallest and the greatest of some keys. */
export type KeyRange = readonly [least: string, greatest: string]

/** Some whole lines of a file of records, and between which keys those of its records are that have one. */
export type RecordBlock = { at: number; bytes: number; crc: number; keys: KeyRange | undefined }

/** A block as a line of the index. */
type Indexed = readonly [at: number, bytes: number, crc: number, keys?: KeyRange]

/**
 * What stands after the last block: a line for each, and one that tells where these begin and what they come to. That
 * one is always of the same length.
 */
export function encodeIndex(blocks: readonly RecordBlock[]): Buffer {
  const last = blocks.at(-1)
  const at = last ? last.at + last.bytes : 0
  const lines = blocks.map(({ at, bytes, crc, keys }): string => {
    const indexed: Indexed = keys ? [at, bytes, crc, keys] : [at, bytes, crc]
    return `${JSON.stringify(indexed)}\n`
  })
  const index = Buffer.from(lines.join(''))
  return Buffer.concat([index, Buffer.from(endOf({ at, crc: crc32(index) }))])
}

type IndexPlace = { at: number; crc: number }

const digits = (number: number): string => String(number).padStart(16, '0')
const endOf = ({ at, crc }: IndexPlace): string =>
  `{"index":"${digits(at)}","crc32":"${digits(crc)}"}\n`

/** How many bytes the last line of a file has. */
export const endBytes = endOf({ at: 0, crc: 0 }).length

/** Where the index is; undefined where that is not the last line of a file that was written to its end. */
export function indexPlaceIn(lastLine: Buffer): IndexPlace | undefined {
  const [, at, crc] = /^\{"index":"(\d{16})","crc32":"(\d{16})"\}\n$/.exec(`${lastLine}`) ?? []
  return at === undefined ? undefined : { at: Number(at), crc: Number(crc) }
}

/** The blocks that an index tells, in the order of the file; undefined where it is not as it was written. */
export function decodeIndex(
  index: Buffer,
  { crc }: IndexPlace,
): readonly RecordBlock[] | undefined {
  if (crc32(index) !== crc) return undefined
  const lines = index.toString().split('\n').slice(0, -1)
  return lines.map((line) => {
    const [at, bytes, crc, keys]: Indexed = JSON.parse(line)
    return { at, bytes, crc, keys }
  })
}

/** The range with another key in it. */
export function withKey(range: KeyRange | undefined, key: string): KeyRange {
  if (range === undefined) return [key, key]
  const [least, greatest] = range
  if (key < least) return [key, greatest]
  return key > greatest ? [least, key] : range
}

/** Whether a key that begins so may be in a range. */
export const mayHold = ([least, greatest]: KeyRange, prefix: string): boolean =>
  greatest >= prefix && (least < prefix || least.startsWith(prefix))
