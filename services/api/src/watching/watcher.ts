import type { StatusError } from '@reckon/kubernetes'
import { encoded } from '../representation/encoded-objects.ts'
import type { WatchRepresentation } from '../representation/representation.ts'
import type { Selection } from '../verbs/selection.ts'
import { bookmarkOf, lineOf, type Piece } from './watch-lines.ts'

/** Where a watch is written to: an answer, or what stands for one. */
export type Sink = {
  readonly destroyed: boolean
  /** Answers whether more is taken at once; if not, `drain` tells when it is. */
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'drain' | 'close', listener: () => void): unknown
}

type WatchOptions = {
  selection: Selection
  representation: WatchRepresentation
  /** Everything after this position is wanted. */
  after: bigint
  wantsBookmarks: boolean
  /** After so many ticks it ends. */
  lastsTicks: number
}

const bookmarkEveryTicks = 10
/** Who takes nothing for so long, though something waits, is cut off. */
const fullTicksMax = 30

/** One watch of one client: what it sees, how far it was told, and whether the client takes what it is told. */
export class Watcher {
  readonly selection: Selection
  readonly wantsBookmarks: boolean
  /** How it is told what comes next. */
  representation: WatchRepresentation
  /** Nothing up to this position is still to be told. */
  reached: bigint
  readonly #sink: Sink
  #leftTicks: number
  #ticksToBookmark = bookmarkEveryTicks
  #fullTicks = 0
  #isOver = false
  #onEnd = () => {}
  #full: PromiseWithResolvers<void> | undefined

  constructor(sink: Sink, wanted: WatchOptions) {
    this.#sink = sink
    this.selection = wanted.selection
    this.representation = wanted.representation
    this.reached = wanted.after
    this.wantsBookmarks = wanted.wantsBookmarks
    this.#leftTicks = wanted.lastsTicks
    sink.on('drain', () => this.#drained())
    sink.on('close', () => this.#over())
    // The client may have gone before.
    if (sink.destroyed) this.#over()
  }

  /** Whether nothing more can be told. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether the client has yet to take what it was told: then it is told nothing more. */
  get isFull(): boolean {
    return this.#full !== undefined
  }

  /** Whether a bookmark is due. */
  get isBookmarkDue(): boolean {
    return this.wantsBookmarks && this.#ticksToBookmark <= 0
  }

  /** Tells the next piece; answers whether the client takes more at once. */
  send({ bytes, upTo, next }: Piece): boolean {
    if (this.#isOver) return false
    this.reached = upTo
    this.representation = next
    if (this.#sink.write(bytes)) return true
    this.#full = Promise.withResolvers()
    return false
  }

  sendBookmark(piece = bookmarkOf(this.representation, { resourceVersion: String(this.reached) })) {
    this.#ticksToBookmark = bookmarkEveryTicks
    return this.send(piece)
  }

  /** Resolves when the client has taken all that it was told, or the watch is over. */
  taken(): Promise<void> {
    return this.#full?.promise ?? Promise.resolve()
  }

  /** A second has passed. Answers whether it was cut off, because its client takes nothing. */
  tick(): 'CutOff' | undefined {
    this.#ticksToBookmark -= 1
    this.#leftTicks -= 1
    this.#fullTicks = this.isFull ? this.#fullTicks + 1 : 0
    if (this.#leftTicks < 0) this.end()
    if (this.#isOver || this.#fullTicks <= fullTicksMax) return undefined
    this.#over()
    this.#sink.destroy()
    return 'CutOff'
  }

  /** Ends it, with the reason where there is one. */
  end(refusal?: StatusError): void {
    if (this.#isOver) return
    this.#over()
    if (refusal !== undefined) this.#sink.write(lineOf('ERROR', encoded(refusal.toStatus())))
    this.#sink.end()
  }

  /** What to do when it is over. */
  onEnd(act: () => void): void {
    this.#onEnd = act
    if (this.#isOver) act()
  }

  #drained(): void {
    const full = this.#full
    this.#full = undefined
    this.#fullTicks = 0
    full?.resolve()
  }

  #over(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#drained()
    this.#onEnd()
  }
}
