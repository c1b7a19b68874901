import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { decodeIndex, endBytes, indexPlaceIn, mayHold, type RecordBlock } from './record-blocks.ts'

/** Neighbouring blocks are read together, up to so much. */
const readBytes = 4 * 1024 * 1024
/** So much of a file's end is read at once: the index of most is no longer. */
const tailBytes = 64 * 1024
const newline = '\n'.charCodeAt(0)

/** A file of records that was written to its end. */
export class RecordReader {
  /** The first line. */
  readonly head: string
  readonly #file: FileHandle
  /** Those after the head. */
  readonly #blocks: readonly RecordBlock[]

  /** Undefined where there is no such file, or one that is torn, damaged at its beginning or end, or of another form. */
  static async open(path: string): Promise<RecordReader | undefined> {
    const file = await open(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    if (file === undefined) return undefined
    const [first, ...blocks] = (await indexOf(file)) ?? []
    const head = first && (await contentOf(file, [first]))
    if (head !== undefined) return new RecordReader(file, { head: head.toString(), blocks })
    await file.close()
    return undefined
  }

  private constructor(
    file: FileHandle,
    { head, blocks }: { head: string; blocks: readonly RecordBlock[] },
  ) {
    this.head = head
    this.#file = file
    this.#blocks = blocks
  }

  /** Whether each byte is as it was written. */
  async isIntact(): Promise<boolean> {
    for (const together of neighbours(this.#blocks)) {
      if ((await contentOf(this.#file, together)) === undefined) return false
    }
    return true
  }

  /** The lines after the first, some at a time. Throws where they are damaged. */
  async *lines(): AsyncGenerator<readonly Buffer[]> {
    for (const together of neighbours(this.#blocks)) {
      const content = await contentOf(this.#file, together)
      if (content === undefined) throw new Error('a file of records was damaged meanwhile')
      yield linesIn(content)
    }
  }

  /**
   * The lines of all blocks in which keys that begin so may be, some at a time, in bytes of their own; undefined where
   * some are damaged.
   */
  async *linesWith(prefixes: readonly string[]): AsyncGenerator<Buffer<ArrayBuffer> | undefined> {
    const isWanted = ({ keys }: RecordBlock) =>
      keys !== undefined && prefixes.some((prefix) => mayHold(keys, prefix))
    const groups = [...neighbours(this.#blocks.filter(isWanted))]
    let next = this.#begun(groups[0])
    for (const n of groups.keys()) {
      const content = await next
      next = this.#begun(groups[n + 1])
      yield content
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }

  /** The content of the next blocks, which is read while the last ones are looked through. */
  #begun(together: readonly RecordBlock[] = []): Promise<Buffer<ArrayBuffer> | undefined> {
    const content = contentOf(this.#file, together)
    // Whoever takes it hears of it.
    content.catch(() => {})
    return content
  }
}

/** All blocks of a file; undefined where it was not written to its end. */
async function indexOf(file: FileHandle): Promise<readonly RecordBlock[] | undefined> {
  const { size } = await file.stat()
  const tail = await readAt(file, Math.max(0, size - tailBytes), size)
  const place = indexPlaceIn(tail.subarray(-endBytes))
  const end = size - endBytes
  if (place === undefined || place.at > end) return undefined
  const tailAt = size - tail.length
  const index =
    place.at >= tailAt
      ? tail.subarray(place.at - tailAt, -endBytes)
      : await readAt(file, place.at, end)
  return decodeIndex(index, place)
}

/** Blocks that follow one another in a file, in groups that are read at once. */
function* neighbours(blocks: readonly RecordBlock[]): Generator<readonly RecordBlock[]> {
  let group: RecordBlock[] = []
  let bytes = 0
  for (const block of blocks) {
    const last = group.at(-1)
    const isNext = last === undefined || last.at + last.bytes === block.at
    if (!isNext || (last && bytes + block.bytes > readBytes)) {
      yield group
      group = []
      bytes = 0
    }
    group.push(block)
    bytes += block.bytes
  }
  if (group.length > 0) yield group
}

/** The bytes of blocks that follow one another; undefined where one of them has another byte. */
async function contentOf(
  file: FileHandle,
  blocks: readonly RecordBlock[],
): Promise<Buffer<ArrayBuffer> | undefined> {
  const [first, last] = [blocks[0], blocks.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const content = await readAt(file, first.at, last.at + last.bytes)
  const areIntact = blocks.every(({ at, bytes, crc }) => {
    const block = content.subarray(at - first.at, at - first.at + bytes)
    return block.length === bytes && crc32(block) === crc
  })
  return areIntact ? content : undefined
}

/** Bytes of their own; fewer where the file ends. */
async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.allocUnsafeSlow(to - from)
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

function linesIn(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(newline, at)
    lines.push(bytes.subarray(at, end))
    at = end + 1
  }
  return lines
}
