import type { Connection } from './connection.ts'
import { markIn } from './objects.ts'

const newline = 0x0a

/** A watch on its own connection, which reports each change's mark as soon as the line is complete. */
export class Watcher {
  heard = 0
  /** Why the watch ended, if it did. */
  ended?: string
  #rest: Buffer | undefined
  readonly #onMark: (mark: number) => void

  constructor(onMark: (mark: number) => void) {
    this.#onMark = onMark
  }

  /** Resolves when the watch has begun. */
  follow(connection: Connection, path: string): Promise<void> {
    return connection.follow(
      path,
      (part) => this.#take(part),
      (error) => {
        this.ended = error?.message ?? 'ended by the server'
      },
    )
  }

  #take(part: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, part]) : part
    let begin = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, begin)) {
      const mark = markIn(bytes.subarray(begin, end))
      begin = end + 1
      if (mark === undefined) continue
      this.heard++
      this.#onMark(mark)
    }
    this.#rest = begin < bytes.length ? bytes.subarray(begin) : undefined
  }
}
