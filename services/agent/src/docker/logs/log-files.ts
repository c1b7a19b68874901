import { type FSWatcher, watch } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from '@reckon/process'
import { logFilesMax } from '../containers/container-options.ts'

type LogFile = { handle: FileHandle; inode: bigint }

const readBytes = 64 * 1024
/** How many rotated files are kept open for a slow reader. */
const openMax = 8

/**
 * The log files of Docker's json-file driver, oldest first: `…-json.log`, which is being written, and rotated ones,
 * `…-json.log.1` and so on. Docker's own reader stops when the first file is rotated while it follows; files opened
 * here stay readable under any name.
 */
export class LogFiles {
  readonly #path: string
  #files: LogFile[] = []
  #looking: Promise<void> | undefined

  private constructor(path: string) {
    this.#path = path
  }

  /** Opens the files of a log; there may be none yet. */
  static async open(path: string): Promise<LogFiles> {
    const files = new LogFiles(path)
    await files.#look()
    return files
  }

  /** Skips to the last lines; returns the offset. */
  async skipToTail(lines: number): Promise<number> {
    let missing = lines
    for (const [index, { handle }] of [...this.#files.entries()].toReversed()) {
      const tail = await tailOf(handle, missing)
      missing -= tail.lines
      if (missing > 0 && index > 0) continue
      await this.#drop(index)
      return tail.offset
    }
    return 0
  }

  /** Reads from an offset in the oldest file; with `follow`, also what is written until `isOver`. */
  async *read(
    offset: number,
    follow?: { isOver(): boolean; woken: Waker },
  ): AsyncGenerator<Buffer> {
    let at = offset
    let isTurnedOver = false
    for (;;) {
      const [current] = this.#files
      const isLast = follow === undefined || follow.isOver()
      const rings = follow?.woken.rings ?? 0
      const piece = current && (await readAt(current.handle, at))
      if (piece !== undefined) {
        at += piece.length
        yield piece
      } else if (isTurnedOver) {
        // Everything written before the rotation has been read.
        await this.#drop(1)
        at = 0
        isTurnedOver = false
      } else {
        await this.#look()
        isTurnedOver = this.#files.length > 1
        if (!isTurnedOver && isLast) return
        if (!isTurnedOver) await follow?.woken.wait(rings)
      }
    }
  }

  /** Calls back whenever something may have been written, until the returned function is called. */
  watch(onChange: () => void): () => void {
    const watcher = watcherOf(dirname(this.#path))
    watcher?.on('change', (event) => {
      // The reader retries and receives the error.
      if (event === 'rename') this.#look().catch(onChange)
      onChange()
    })
    watcher?.on('error', onChange)
    return () => watcher?.close()
  }

  async close(): Promise<void> {
    await this.#looking?.catch(() => undefined)
    await this.#drop(this.#files.length)
  }

  /** Opens new files, one scan at a time. */
  #look(): Promise<void> {
    const looking = (this.#looking ?? Promise.resolve()).then(() => this.#openNew())
    this.#looking = looking
    return looking
  }

  async #openNew(): Promise<void> {
    if (this.#files.length >= openMax) return
    const last = this.#files.at(-1)
    const opened: LogFile[] = []
    // From the newest on: a file rotated meanwhile is seen twice rather than missed.
    for (let age = 0; age < logFilesMax; age++) {
      const file = await openFile(age === 0 ? this.#path : `${this.#path}.${age}`)
      if (file === undefined) continue
      const isKnown = opened.some(({ inode }) => inode === file.inode)
      if (file.inode === last?.inode || isKnown) await file.handle.close()
      else opened.push(file)
      if (file.inode === last?.inode) break
    }
    this.#files.push(...opened.toReversed())
  }

  async #drop(count: number): Promise<void> {
    const dropped = this.#files.splice(0, count)
    await Promise.all(dropped.map(({ handle }) => handle.close()))
  }
}

/** Undefined where the folder is gone: nothing more is written there. */
function watcherOf(folder: string): FSWatcher | undefined {
  try {
    return watch(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Wakes a follower. */
export class Waker {
  #rings = 0
  #wake = () => {}

  get rings(): number {
    return this.#rings
  }

  ring(): void {
    this.#rings++
    this.#wake()
  }

  /** Resolves once it has rung since `seen` was read. */
  async wait(seen: number): Promise<void> {
    if (this.#rings !== seen) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }
}

async function openFile(path: string): Promise<LogFile | undefined> {
  try {
    const handle = await open(path)
    const { ino } = await handle.stat({ bigint: true })
    return { handle, inode: ino }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function readAt(handle: FileHandle, position: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(readBytes)
  const { bytesRead } = await handle.read(buffer, 0, readBytes, position)
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead)
}

/** Where the last lines of a file begin, and how many these are: fewer only where it has no more. */
async function tailOf(
  handle: FileHandle,
  lines: number,
): Promise<{ offset: number; lines: number }> {
  const { size } = await handle.stat()
  if (lines === 0) return { offset: size, lines: 0 }
  let found = 0
  for (let end = size; end > 0; ) {
    const begin = Math.max(0, end - readBytes)
    const buffer = Buffer.allocUnsafe(end - begin)
    await handle.read(buffer, 0, buffer.length, begin)
    for (let at = buffer.length - 1; at >= 0; at--) {
      // The end of the line before the first wanted one.
      if (buffer[at] === 0x0a && begin + at !== size - 1 && ++found === lines) {
        return { offset: begin + at + 1, lines }
      }
    }
    end = begin
  }
  return { offset: 0, lines: size === 0 ? 0 : found + 1 }
}
