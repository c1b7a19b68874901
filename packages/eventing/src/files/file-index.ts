import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventLog } from '../log/event-log.ts'
import type { Indexed, IndexPage, LogIndexStore } from '../log-index.ts'
import { EntryPage, entryBytes, writeEntry } from './index-entries.ts'
import { scopeLine, scopesIn } from './index-scopes.ts'
import { lockFolder } from './lock-folder.ts'

/** Entries read at once: 256 KiB, some milliseconds of work. */
const pageEntries = 8192
/** The number of last entries by which the log is recognised: it may have removed the newest events since. */
const witnessesMax = 16

/**
 * An index in two files of its own folder: entries of fixed length, so that a time is found by bisection, and the
 * scopes that they refer to by number, each a line of JSON. One process may have it open at a time.
 */
export const createFileIndex = (folder: string): LogIndexStore => new FileIndex(folder)

class FileIndex implements LogIndexStore {
  readonly #folder: string
  readonly #numbers = new Map<string, number>()
  #held: Disposable | undefined
  #scopes: string[] = []
  #file: FileHandle | undefined
  #scopesFile: FileHandle | undefined
  #count = 0
  #upTo: bigint | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  get upTo(): bigint | undefined {
    return this.#upTo
  }

  async open(log: EventLog): Promise<boolean> {
    await this.close()
    await mkdir(this.#folder, { recursive: true })
    this.#held = lockFolder(this.#folder)
    if (this.#held === undefined) return false
    await this.#openFiles()
    const intact = await this.#intactCount()
    this.#count = await this.#countIn(log, intact)
    if (intact > 0 && this.#count === 0) await this.#beginAnew()
    await this.#file?.truncate(this.#count * entryBytes)
    this.#upTo = this.#count > 0 ? await this.#positionAt(this.#count - 1) : undefined
    return true
  }

  async append(entries: readonly Indexed[]): Promise<void> {
    const file = this.#opened
    const bytes = Buffer.allocUnsafe(entries.length * entryBytes)
    const before = this.#scopes.length
    for (const [index, entry] of entries.entries()) {
      writeEntry(bytes, index * entryBytes, { ...entry, scopeNumber: this.#numberOf(entry.scope) })
    }
    const added = this.#scopes.slice(before)
    // Before the entries that refer to them.
    if (added.length > 0) await this.#scopesFile?.appendFile(added.map(scopeLine).join(''))
    const at = this.#count * entryBytes
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, at)
    if (bytesWritten < bytes.length) throw new Error('entries of the index were written in part')
    this.#count += entries.length
    this.#upTo = entries.at(-1)?.position ?? this.#upTo
  }

  async *pages(after?: bigint): AsyncGenerator<IndexPage> {
    // Until opening is complete, it is not known which entries belong to this log.
    const count = this.#upTo === undefined ? 0 : this.#count
    const isLater = async (place: number) => (await this.#positionAt(place)) > (after ?? -1n)
    let place = after === undefined || count === 0 ? 0 : await this.#firstThat(isLater)
    for (; place < count; place += pageEntries) {
      yield await this.#page(place, Math.min(pageEntries, count - place))
    }
  }

  async lastBy(timeMs: number, apartMs: number): Promise<bigint | undefined> {
    // Entries after one that is this late are later than the time.
    const isLate = async (place: number) =>
      (await this.#page(place, 1)).timeMsAt(0) > timeMs + apartMs
    for (let end = await this.#firstThat(isLate); end > 0; ) {
      const begin = Math.max(0, end - pageEntries)
      const page = await this.#page(begin, end - begin)
      for (let place = page.count - 1; place >= 0; place--) {
        if (page.timeMsAt(place) <= timeMs) return page.positionAt(place)
      }
      end = begin
    }
    return undefined
  }

  async close(): Promise<void> {
    this.#count = 0
    this.#upTo = undefined
    await this.#closeFiles()
    this.#held?.[Symbol.dispose]()
    this.#held = undefined
  }

  async #closeFiles(): Promise<void> {
    const files = [this.#file, this.#scopesFile]
    this.#file = undefined
    this.#scopesFile = undefined
    await Promise.all(files.map((file) => file?.close()))
  }

  get #opened(): FileHandle {
    if (this.#file === undefined) throw new Error('the index is not open')
    return this.#file
  }

  async #openFiles(): Promise<void> {
    const path = join(this.#folder, 'scopes')
    this.#scopesFile = await open(path, 'a+', 0o600)
    this.#scopes = [...scopesIn(await readFile(path))]
    await this.#scopesFile.truncate(Buffer.byteLength(this.#scopes.map(scopeLine).join('')))
    this.#numbers.clear()
    for (const [number, scope] of this.#scopes.entries()) this.#numbers.set(scope, number)
    const entries = join(this.#folder, 'entries')
    // Created where it is absent, and never truncated.
    await (await open(entries, 'a', 0o600)).close()
    this.#file = await open(entries, 'r+')
  }

  async #beginAnew(): Promise<void> {
    await this.#closeFiles()
    for (const name of ['entries', 'scopes']) await rm(join(this.#folder, name))
    await this.#openFiles()
  }

  async #intactCount(): Promise<number> {
    const count = Math.floor((await this.#opened.stat()).size / entryBytes)
    for (let place = 0; place < count; place += pageEntries) {
      const page = await this.#page(place, Math.min(pageEntries, count - place))
      if (page.intact < page.count) return place + page.intact
    }
    return count
  }

  /**
   * How many entries belong to this log: those up to the last one whose event the log has. Later ones may never have
   * been in it, if it was restored from an earlier copy, and are read again.
   */
  async #countIn(log: EventLog, count: number): Promise<number> {
    const begin = Math.max(0, count - witnessesMax)
    const page = await this.#page(begin, count - begin)
    for (let place = page.count - 1; place >= 0; place--) {
      const position = page.positionAt(place)
      for await (const event of log.readAll({ from: position, limit: 1 })) {
        if (event.position !== position) continue
        return page.isOfEvent(place, event.id) ? begin + place + 1 : 0
      }
    }
    return 0
  }

  async #positionAt(place: number): Promise<bigint> {
    return (await this.#page(place, 1)).positionAt(0)
  }

  async #page(place: number, count: number): Promise<EntryPage> {
    const length = count * entryBytes
    const bytes = Buffer.allocUnsafe(length)
    const { bytesRead } = await this.#opened.read(bytes, 0, length, place * entryBytes)
    return new EntryPage(bytes.subarray(0, bytesRead), this.#scopes)
  }

  /** The first place from which the predicate holds for all; found by bisection. */
  async #firstThat(isSo: (place: number) => Promise<boolean>): Promise<number> {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (await isSo(middle)) high = middle
      else low = middle + 1
    }
    return low
  }

  #numberOf(scope: string): number {
    const known = this.#numbers.get(scope)
    if (known !== undefined) return known
    const number = this.#scopes.push(scope) - 1
    this.#numbers.set(scope, number)
    return number
  }
}
