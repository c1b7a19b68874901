import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

/** Bytes gathered before a write, after which other work has its turn. */
const chunkBytes = 64 * 1024
const readBytes = 1024 * 1024
const newline = '\n'
const newlineByte = newline.charCodeAt(0)
/** The last line: the checksum of all lines before it. It has a fixed length. */
const endOf = (sha256: string): string => `${JSON.stringify({ sha256 })}${newline}`
const endBytes = endOf('0'.repeat(64)).length

/** Writes records as lines of JSON, followed by the checksum of all. */
export class RecordWriter {
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  // One buffer for all lines: a buffer for each would cause long garbage collections.
  #buffer = Buffer.allocUnsafe(2 * chunkBytes)
  #length = 0

  /** Creates the file, or replaces its content. */
  static async create(path: string): Promise<RecordWriter> {
    return new RecordWriter(await open(path, 'w', 0o600))
  }

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Whether enough is gathered to be flushed. */
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

  /** Writes the rest and the checksum, and syncs the file. */
  async end(): Promise<void> {
    await this.flush()
    await this.#file.writeFile(endOf(this.#hash.digest('hex')))
    await this.#file.sync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

/** Files whose checksum was verified: they are not verified again while they are unchanged. */
export class KnownFiles {
  readonly #found = new Map<string, string>()

  async isKnown(path: string, file: FileHandle): Promise<boolean> {
    return this.#found.get(path) === (await signOf(file))
  }

  async keep(path: string, file: FileHandle): Promise<void> {
    this.#found.delete(path)
    this.#found.set(path, await signOf(file))
    for (const [oldest] of this.#found) {
      if (this.#found.size <= knownFilesMax) return
      this.#found.delete(oldest)
    }
  }
}

/** Enough for a series of snapshots, which has some tens. */
const knownFilesMax = 100

async function signOf(file: FileHandle): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true })
  return [ino, size, mtimeNs, ctimeNs].join(' ')
}

/** Reads a file of records whose checksum is correct. */
export class RecordReader {
  /** The first line. */
  readonly head: string
  readonly #file: FileHandle
  readonly #bytes: number

  /** Undefined where the file is absent, truncated or damaged. */
  static async open(path: string, known: KnownFiles): Promise<RecordReader | undefined> {
    const file = await open(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    if (file === undefined) return undefined
    const bytes = (await file.stat()).size - endBytes
    if ((await known.isKnown(path, file)) || (await isIntact(file, bytes))) {
      await known.keep(path, file)
      for await (const [head] of linesOf(file, { from: 0, to: bytes })) {
        if (head) return new RecordReader(file, { head: head.toString(), bytes })
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

  /** The lines after the first, some at a time; only those that contain a text, if one is given. */
  lines(containing?: string): AsyncIterable<readonly Buffer[]> {
    const from = Buffer.byteLength(this.head) + 1
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
): AsyncGenerator<readonly Buffer[]> {
  const text = containing === undefined ? undefined : Buffer.from(containing)
  let rest: Buffer = Buffer.alloc(0)
  for (let at = from; at < to; ) {
    const wanted = Math.min(readBytes, to - at)
    const buffer = Buffer.allocUnsafe(rest.length + wanted)
    rest.copy(buffer)
    const { bytesRead } = await file.read(buffer, rest.length, wanted, at)
    if (bytesRead === 0) throw new Error('a file of records became shorter')
    const bytes = buffer.subarray(0, rest.length + bytesRead)
    const end = bytes.lastIndexOf(newlineByte) + 1
    yield linesIn(bytes.subarray(0, end), text)
    rest = bytes.subarray(end)
    at += bytesRead
  }
}

/** Lines without the text are skipped without being parsed. */
function linesIn(bytes: Buffer, containing: Buffer | undefined): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const found = containing === undefined ? at : bytes.indexOf(containing, at)
    if (found < 0) break
    const start = found === at ? at : bytes.lastIndexOf(newlineByte, found) + 1
    const end = bytes.indexOf(newlineByte, found)
    lines.push(bytes.subarray(start, end))
    at = end + 1
  }
  return lines
}

/** Whether the checksum in the last line matches the bytes before it. */
async function isIntact(file: FileHandle, bytes: number): Promise<boolean> {
  if (bytes <= 0) return false
  const hash = createHash('sha256')
  const range = { start: 0, end: bytes - 1, autoClose: false, highWaterMark: readBytes }
  for await (const chunk of file.createReadStream(range)) hash.update(chunk as Buffer)
  const { buffer } = await file.read(Buffer.alloc(endBytes), 0, endBytes, bytes)
  return buffer.toString() === endOf(hash.digest('hex'))
}
