import type { StatusError } from '@reckon/kubernetes'
import { encoded } from '../representation/encoded-objects.ts'
import type { WatchRepresentation } from '../representation/representation.ts'
import type { Selection } from '../verbs/selection.ts'
import { bookmarkOf, lineOf, type Piece } from './watch-lines.ts'

/** What a watch writes to: an HTTP answer, or a stand-in for one. */
export type Sink = {
  readonly destroyed: boolean
  /** Returns whether more can be written at once; if not, `drain` is emitted when it can. */
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'drain' | 'close', listener: () => void): unknown
}

type WatchOptions = {
  selection: Selection
  representation: WatchRepresentation
  /** Everything after this position is to be sent. */
  after: bigint
  wantsBookmarks: boolean
  /** The watch ends after this many ticks. */
  durationTicks: number
}

const bookmarkEveryTicks = 10
/** A client that reads nothing for this long while something waits is cut off. */
const fullTicksMax = 30

/** One client's watch: what it selects, how far it has been sent, and whether the client keeps up. */
export class Watcher {
  readonly selection: Selection
  readonly wantsBookmarks: boolean
  /** The representation of what comes next. */
  representation: WatchRepresentation
  /** Everything up to this position has been sent. */
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
    this.#leftTicks = wanted.durationTicks
    sink.on('drain', () => this.#drained())
    sink.on('close', () => this.#over())
    // The client may have gone before.
    if (sink.destroyed) this.#over()
  }

  /** Whether the watch has ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether the client has not yet read what was written; nothing more is written to it meanwhile. */
  get isFull(): boolean {
    return this.#full !== undefined
  }

  /** Whether a bookmark is due. */
  get isBookmarkDue(): boolean {
    return this.wantsBookmarks && this.#ticksToBookmark <= 0
  }

  /** Writes the next piece; returns whether more can be written at once. */
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

  /** Resolves when the client has read everything written, or the watch has ended. */
  taken(): Promise<void> {
    return this.#full?.promise ?? Promise.resolve()
  }

  /** Called every second. Returns `CutOff` if the watch was cut off because its client reads nothing. */
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

  /** Ends the watch, with an ERROR event where there is a refusal. */
  end(refusal?: StatusError): void {
    if (this.#isOver) return
    this.#over()
    if (refusal !== undefined) this.#sink.write(lineOf('ERROR', encoded(refusal.toStatus())))
    this.#sink.end()
  }

  /** Sets what to do when it ends. */
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
