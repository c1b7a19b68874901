import { type FSWatcher, watch } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process/error-code'

type Reading = {
  /** So many lines that are there already. */
  tail: number
  /** Goes on with what is written from now on, until this aborts; absent, it ends. */
  follow?: AbortSignal
  /** Where the file lies once another is to take its place. */
  earlier?: string
}

const pieceBytes = 64 * 1024
const newline = 0x0a

/**
 * The lines of a file that somebody else writes, the last of those that are there first. A file that was put in its
 * place meanwhile is gone on with; a line counts once its end is written. Throws ENOENT where there is no such file.
 */
export async function* readLines(
  path: string,
  { tail, follow, earlier = path }: Reading,
): AsyncIterable<string> {
  // Begun before anything is read, so that nothing is written unnoticed.
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
      // It may have been written to until the other took its place.
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

/** Where another is just taking its place, it is not there for a moment. */
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

/** That something in a folder has changed since it was asked last, until the signal aborts. */
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

  /** False once it is over. */
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

/** What of a file has been read. */
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

/** Where the last so many lines begin. */
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

/** The file that has taken its place, if one has. */
async function successorOf(file: FileHandle, path: string): Promise<FileHandle | undefined> {
  const there = await stat(path).catch(() => undefined)
  if (there === undefined || there.ino === (await file.stat()).ino) return undefined
  return open(path)
}
