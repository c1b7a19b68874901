import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { encodeIndex, type KeyRange, type RecordBlock, withKey } from './record-blocks.ts'

/** So much is gathered to a block before it is written; then others have their turn. */
const blockBytes = 64 * 1024

/** Writes a head and records as lines of JSON, in blocks, and at the end an index of these. */
export class RecordWriter {
  readonly #file: FileHandle
  readonly #blocks: RecordBlock[] = []
  // One buffer for all: what each line left behind would be the collector's, in stops.
  #buffer = Buffer.allocUnsafe(2 * blockBytes)
  #length = 0
  #keys: KeyRange | undefined
  #written = 0

  /** Of a new file, or in place of what is there. The head is a block of its own. */
  static async create(path: string, head: unknown): Promise<RecordWriter> {
    const writer = new RecordWriter(await open(path, 'w', 0o600))
    writer.add(head)
    await writer.flush()
    return writer
  }

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Whether it is time to flush. */
  get isFull(): boolean {
    return this.#length >= blockBytes
  }

  add(record: unknown, key?: string): void {
    const line = `${JSON.stringify(record)}\n`
    const end = this.#length + Buffer.byteLength(line)
    if (end > this.#buffer.length) {
      this.#buffer = Buffer.concat([this.#buffer.subarray(0, this.#length)], 2 * end)
    }
    this.#length += this.#buffer.write(line, this.#length)
    if (key !== undefined) this.#keys = withKey(this.#keys, key)
  }

  /** Writes what was added as a block. */
  async flush(): Promise<void> {
    if (this.#length === 0) return
    const content = this.#buffer.subarray(0, this.#length)
    const [at, bytes] = [this.#written, content.length]
    this.#blocks.push({ at, bytes, crc: crc32(content), keys: this.#keys })
    await this.#file.writeFile(content)
    this.#written += bytes
    this.#length = 0
    this.#keys = undefined
  }

  /** What was added is on the disk. */
  async end(): Promise<void> {
    await this.flush()
    await this.#file.writeFile(encodeIndex(this.#blocks))
    await this.#file.sync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}
