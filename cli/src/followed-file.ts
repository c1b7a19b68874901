import { type FSWatcher, watch } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process/error-code'

type Reading = {
  /** How many of the existing lines to return. */
  tail: number
  /** Follow the file until this aborts; absent: stop at its end. */
  follow?: AbortSignal
  /** Where the file is moved to when a new one replaces it. */
  earlier?: string
}

const pieceBytes = 64 * 1024
const newline = 0x0a

/**
 * The last lines of a file that another process writes, and then its new ones. When the file is replaced, the new one
 * is followed. A line counts once it is complete. Throws ENOENT where there is no such file.
 */
export async function* readLines(
  path: string,
  { tail, follow, earlier = path }: Reading,
): AsyncIterable<string> {
  // Watch before reading, so that no write is missed.
  const changes = follow && new Changes(dirname(path), follow)
  let file = await opened(path, earlier).catch((error: unknown) => {
    changes?.close()
    throw error
  })
  try {
    const unread = new Lines(await startOfLast(file, tail))
    yield* unread.readOn(file)
    while (await changes?.next()) {
      yield* unread.readOn(file)
      const successor = await successorOf(file, path)
      if (successor === undefined) continue
      // The old file may have been written to until it was replaced.
      yield* unread.readOn(file)
      await file.close()
      file = successor
      unread.beginAnew()
      yield* unread.readOn(file)
    }
  } finally {
    changes?.close()
    await file.close()
  }
}

/** While it is being replaced, the file does not exist for a moment. */
async function opened(path: string, earlier: string): Promise<FileHandle> {
  try {
    return await open(path)
  } catch (missing) {
    if (!hasCode(missing, 'ENOENT')) throw missing
    return open(earlier).catch((error: unknown) => {
      throw hasCode(error, 'ENOENT') ? missing : error
    })
  }
}

/** Resolves when something in a folder has changed since the last call, or the signal aborts. */
class Changes {
  #unseen = false
  #wake = () => {}
  readonly #watcher: FSWatcher
  readonly #until: AbortSignal

  constructor(folder: string, until: AbortSignal) {
    this.#until = until
    this.#watcher = watch(folder, () => {
      this.#unseen = true
      this.#wake()
    })
    until.addEventListener('abort', () => this.#wake())
  }

  /** False once it is aborted. */
  async next(): Promise<boolean> {
    if (!this.#unseen && !this.#until.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#unseen = false
    return !this.#until.aborted
  }

  close(): void {
    this.#watcher.close()
  }
}

/** How far a file has been read. */
class Lines {
  #position: number
  #unfinished = Buffer.alloc(0)

  constructor(position: number) {
    this.#position = position
  }

  beginAnew(): void {
    this.#position = 0
    this.#unfinished = Buffer.alloc(0)
  }

  async *readOn(file: FileHandle): AsyncIterable<string> {
    for (;;) {
      const { bytesRead, buffer } = await file.read({
        buffer: Buffer.alloc(pieceBytes),
        position: this.#position,
      })
      if (bytesRead === 0) return
      this.#position += bytesRead
      const read = Buffer.concat([this.#unfinished, buffer.subarray(0, bytesRead)])
      const end = read.lastIndexOf(newline) + 1
      this.#unfinished = read.subarray(end)
      yield* read.toString('utf8', 0, end).split('\n').slice(0, -1)
    }
  }
}

/** The offset of the last so many lines. */
async function startOfLast(file: FileHandle, count: number): Promise<number> {
  let { size: from } = await file.stat()
  let wanted = count
  while (from > 0) {
    const length = Math.min(pieceBytes, from)
    from -= length
    const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: from })
    for (let index = length - 1; index >= 0; index--) {
      if (buffer[index] !== newline) continue
      if (wanted === 0) return from + index + 1
      wanted -= 1
    }
  }
  return 0
}

/** The file that has replaced it, if there is one. */
async function successorOf(file: FileHandle, path: string): Promise<FileHandle | undefined> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || there.ino === (await file.stat()).ino) return undefined
  return open(path)
}
