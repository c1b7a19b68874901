import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptSnapshot, SnapshotHead, SnapshotRecord, SnapshotStore } from '../snapshots.ts'

/** So much is gathered before it is written; then others have their turn. */
const chunkBytes = 64 * 1024
const newline = '\n'
/** The last line: what all before it comes to. Always of this length. */
const endOf = (sha256: string): string => `${JSON.stringify({ sha256 })}${newline}`
const endBytes = endOf('0'.repeat(64)).length

/**
 * Snapshots as files of one folder: a line of JSON for the head, one for each record, and one with the checksum of them
 * all. Each is replaced whole, so that a kill leaves the old one; a file that is not whole counts as none. One process
 * per name.
 */
export function createFileSnapshots(folder: string): SnapshotStore {
  const pathOf = (name: string): string => join(folder, `${name}.snapshot.ndjson`)
  return {
    async load(name) {
      const file = await open(pathOf(name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      if (file === undefined) return undefined
      const bytes = await wholeBytes(file)
      if (bytes !== undefined) return keptIn(file, bytes)
      await file.close()
      return undefined
    },
    async save(name, { records, ...head }) {
      await mkdir(folder, { recursive: true })
      const path = pathOf(name)
      await using file = await open(`${path}.new`, 'w', 0o600)
      await write(file, head, records)
      await file.sync()
      await rename(`${path}.new`, path)
      await using directory = await open(folder)
      await directory.sync()
    },
  }
}

async function write(
  file: FileHandle,
  head: SnapshotHead,
  records: Iterable<SnapshotRecord>,
): Promise<void> {
  const hash = createHash('sha256')
  // One buffer for all: what each line left behind would be the collector's, in stops.
  let buffer = Buffer.allocUnsafe(2 * chunkBytes)
  let length = 0
  const flush = async () => {
    const bytes = buffer.subarray(0, length)
    hash.update(bytes)
    await file.writeFile(bytes)
    length = 0
  }
  const add = (value: unknown) => {
    const line = `${JSON.stringify(value)}${newline}`
    const end = length + Buffer.byteLength(line)
    if (end > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length)], 2 * end)
    length += buffer.write(line, length)
  }
  add(head)
  for (const record of records) {
    add(record)
    if (length >= chunkBytes) await flush()
  }
  await flush()
  await file.writeFile(endOf(hash.digest('hex')))
}

/** How many bytes the lines before the last one have; undefined where they are not what that one says. */
async function wholeBytes(file: FileHandle): Promise<number | undefined> {
  const bytes = (await file.stat()).size - endBytes
  if (bytes <= 0) return undefined
  const hash = createHash('sha256')
  const range = { start: 0, end: bytes - 1, autoClose: false }
  for await (const chunk of file.createReadStream(range)) hash.update(chunk as Buffer)
  const { buffer } = await file.read(Buffer.alloc(endBytes), 0, endBytes, bytes)
  return buffer.toString() === endOf(hash.digest('hex')) ? bytes : undefined
}

async function keptIn(file: FileHandle, bytes: number): Promise<KeptSnapshot> {
  const lines = linesOf(file, bytes)
  const { value: head = '' } = await lines.next()
  return {
    ...(JSON.parse(head) as SnapshotHead),
    async *records() {
      for await (const line of lines) yield JSON.parse(line) as SnapshotRecord
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** The lines of a file's first bytes. Node's own also end at what JSON leaves unescaped (U+2028). */
async function* linesOf(file: FileHandle, bytes: number): AsyncGenerator<string, undefined> {
  const range = { start: 0, end: bytes - 1, autoClose: false, encoding: 'utf8' } as const
  let rest = ''
  for await (const text of file.createReadStream(range)) {
    const lines = (rest + text).split(newline)
    rest = lines.pop() ?? ''
    yield* lines
  }
  return undefined
}
