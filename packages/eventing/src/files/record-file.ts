import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

/** So much is gathered before it is written; then others have their turn. */
const chunkBytes = 64 * 1024
const readBytes = 1024 * 1024
const newline = '\n'
/** The last line: what all before it comes to. Always of this length. */
const endOf = (sha256: string): string => `${JSON.stringify({ sha256 })}${newline}`
const endBytes = endOf('0'.repeat(64)).length

/** Writes records as lines of JSON, and at the end the checksum of them all. */
export class RecordWriter {
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  // One buffer for all: what each line left behind would be the collector's, in stops.
  #buffer = Buffer.allocUnsafe(2 * chunkBytes)
  #length = 0

  /** Of a new file, or in place of what is there. */
  static async create(path: string): Promise<RecordWriter> {
    return new RecordWriter(await open(path, 'w', 0o600))
  }

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Whether it is time to flush. */
  get isFull(): boolean {
    return this.#length >= chunkBytes
  }

  add(record: unknown): void {
    const line = `${JSON.stringify(record)}${newline}`
    const end = this.#length + Buffer.byteLength(line)
    if (end > this.#buffer.length) {
      this.#buffer = Buffer.concat([this.#buffer.subarray(0, this.#length)], 2 * end)
    }
    this.#length += this.#buffer.write(line, this.#length)
  }

  async flush(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#length)
    this.#hash.update(bytes)
    await this.#file.writeFile(bytes)
    this.#length = 0
  }

  /** What was added is on the disk. */
  async end(): Promise<void> {
    await this.flush()
    await this.#file.writeFile(endOf(this.#hash.digest('hex')))
    await this.#file.sync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

/** A file of records that is whole. */
export class RecordReader {
  /** The first line. */
  readonly head: string
  readonly #file: FileHandle
  readonly #bytes: number

  /** Undefined where there is no such file, or one that is torn or has another byte. */
  static async open(path: string): Promise<RecordReader | undefined> {
    const file = await open(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    if (file === undefined) return undefined
    const bytes = await intactBytes(file)
    if (bytes !== undefined) {
      for await (const head of linesOf(file, { from: 0, to: bytes })) {
        return new RecordReader(file, { head, bytes })
      }
    }
    await file.close()
    return undefined
  }

  constructor(file: FileHandle, { head, bytes }: { head: string; bytes: number }) {
    this.head = head
    this.#file = file
    this.#bytes = bytes
  }

  /** The lines after the first; those alone that contain a text, if one is given. */
  lines(containing?: string): AsyncIterable<string> {
    const from = Buffer.byteLength(this.head) + newline.length
    return linesOf(this.#file, { from, to: this.#bytes }, containing)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

async function* linesOf(
  file: FileHandle,
  { from, to }: { from: number; to: number },
  containing?: string,
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for (let at = from; at < to; ) {
    const wanted = Math.min(readBytes, to - at)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, at)
    if (bytesRead === 0) throw new Error('a file of records became shorter')
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    const end = bytes.lastIndexOf(newline) + newline.length
    yield* linesIn(bytes.subarray(0, end), containing)
    rest = bytes.subarray(end)
    at += bytesRead
  }
}

/** What does not contain the text is never decoded. */
function* linesIn(bytes: Buffer, containing: string | undefined): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const found = containing === undefined ? at : bytes.indexOf(containing, at)
    if (found < 0) return
    const start = found === at ? at : bytes.lastIndexOf(newline, found) + newline.length
    const end = bytes.indexOf(newline, found)
    yield bytes.toString('utf8', start, end)
    at = end + newline.length
  }
}

/** How many bytes the lines before the last one have; undefined where they are not what that one says. */
async function intactBytes(file: FileHandle): Promise<number | undefined> {
  const bytes = (await file.stat()).size - endBytes
  if (bytes <= 0) return undefined
  const hash = createHash('sha256')
  const range = { start: 0, end: bytes - 1, autoClose: false, highWaterMark: readBytes }
  for await (const chunk of file.createReadStream(range)) hash.update(chunk as Buffer)
  const { buffer } = await file.read(Buffer.alloc(endBytes), 0, endBytes, bytes)
  return buffer.toString() === endOf(hash.digest('hex')) ? bytes : undefined
}
