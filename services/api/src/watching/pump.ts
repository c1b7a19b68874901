import { isRefusal } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { Audience } from './audience.ts'
import { Audiences } from './audiences.ts'
import type { FollowedChanges } from './followed-changes.ts'
import { missedPieces } from './missed-pieces.ts'
import { bookmarkOf, type Piece } from './watch-lines.ts'
import type { WatchedChange } from './watched-change.ts'
import type { Watcher } from './watcher.ts'

/** After a turn what happens is gathered for so long: each watcher has one write for all of it. */
const gatherMs = 8
/** Where telling took longer than that, so long again, up to this: it leaves half of the time to others. */
const gatherMsMax = 100

type PumpPorts = Pick<ApiPorts, 'log' | 'objects' | 'clock' | 'logger'>
type PumpContext = { ports: PumpPorts; followed: FollowedChanges }

/**
 * Tells the watchers of a resource, or of several together, what happens. Those who take what they are told are told
 * all at once; one that is behind costs its position and what it was told last, catches up by itself, from memory or
 * from the log, and joins again.
 */
export class Pump {
  readonly #context: PumpContext
  /** Who was told everything but what is gathered. */
  readonly #flowing = new Audiences()
  readonly #watchers = new Set<Watcher>()
  readonly #stop: () => void
  #gathered: WatchedChange[] = []
  #isGathering = false
  #turned = Promise.withResolvers<void>()

  constructor(context: PumpContext) {
    this.#context = context
    this.#stop = context.followed.onChange((change) => this.#gather(change))
  }

  get isIdle(): boolean {
    return this.#watchers.size === 0
  }

  /** Tells a watcher a beginning, then everything after its position, until it is over. */
  begin(watcher: Watcher, beginning: Iterable<Piece>): void {
    this.#watchers.add(watcher)
    watcher.onEnd(() => {
      this.#flowing.remove(watcher)
      this.#watchers.delete(watcher)
    })
    void this.#guarded(watcher, async () => {
      for (const piece of beginning) {
        await this.#send(watcher, piece)
        if (watcher.isOver) return
      }
      await this.#catchUp(watcher)
    })
  }

  /** A second has passed. Answers how many watchers were cut off. */
  tick(): number {
    let cutOff = 0
    for (const watcher of this.#watchers) if (watcher.tick() === 'CutOff') cutOff += 1
    const due = [...this.#watchers].filter((each) => each.isBookmarkDue)
    if (due.length > 0) this.#sendBookmarks(due)
    return cutOff
  }

  close(): void {
    this.#stop()
    for (const watcher of this.#watchers) watcher.end()
  }

  #gather(change: WatchedChange): void {
    // Those who do not flow find it in memory, or in the log.
    if (this.#flowing.size === 0) return
    this.#gathered.push(change)
    if (!this.#isGathering) void this.#sendInTurns()
  }

  /** What comes first after silence is told at once, the rest as it was gathered. */
  async #sendInTurns(): Promise<void> {
    const { clock } = this.#context.ports
    this.#isGathering = true
    await Promise.resolve()
    while (this.#gathered.length > 0) {
      const beganMs = clock.now()
      this.#turn()
      await clock.sleep(gatherMs)
      // Sockets take what they were told after the turn, before any timer.
      const lateMs = clock.now() - beganMs - gatherMs
      if (lateMs > 0) await clock.sleep(Math.min(lateMs, gatherMsMax))
    }
    this.#isGathering = false
  }

  #turn(): void {
    const upTo = this.#context.ports.objects.position ?? 0n
    const changes = this.#gathered
    this.#gathered = []
    const seeing = this.#flowing.seeing(changes)
    for (const [audience, seen] of seeing) {
      try {
        audience.send(seen, upTo)
      } catch (error) {
        for (const watcher of audience.watchers) this.#fail(watcher, error)
      }
    }
    // Not before all were told, lest one who goes over to another audience hears the same there.
    for (const audience of seeing.keys()) this.#part(audience)
    this.#turned.resolve()
    this.#turned = Promise.withResolvers()
  }

  /** Who is full catches up by itself; the others are told what comes next as it now has to be told. */
  #part({ watchers, representation }: Audience): void {
    for (const watcher of watchers) {
      if (!watcher.isFull && watcher.representation.id === representation.id) continue
      this.#flowing.remove(watcher)
      void this.#guarded(watcher, () => this.#catchUp(watcher))
    }
  }

  async #catchUp(watcher: Watcher): Promise<void> {
    const { followed } = this.#context
    while (!watcher.isOver) {
      if (watcher.isFull) await watcher.taken()
      else if (this.#gathered.length > 0) await this.#turned.promise
      else if (followed.after(watcher.reached)?.length === 0) {
        this.#flowing.add(watcher)
        return
      } else await this.#sendMissed(watcher)
    }
  }

  async #sendMissed(watcher: Watcher): Promise<void> {
    const upTo = this.#context.ports.objects.position ?? 0n
    for await (const piece of missedPieces(this.#context.followed, watcher, upTo)) {
      await this.#send(watcher, piece)
      if (watcher.isBookmarkDue && !watcher.sendBookmark()) await watcher.taken()
      if (watcher.isOver) return
    }
    watcher.reached = upTo
  }

  /** Resolves when the client takes more and others had their turn: a socket may take all at once. */
  async #send(watcher: Watcher, piece: Piece): Promise<void> {
    if (watcher.send(piece)) return
    await watcher.taken()
    await this.#context.ports.clock.sleep(0)
  }

  /** Each after all that it says is told. */
  #sendBookmarks(due: readonly Watcher[]): void {
    this.#turn()
    const resourceVersion = String(this.#context.ports.objects.position ?? 0n)
    const pieces = new Map<string, Piece>()
    for (const watcher of due) {
      if (!this.#flowing.has(watcher)) continue
      const { representation } = watcher
      const piece = pieces.get(representation.id) ?? bookmarkOf(representation, { resourceVersion })
      pieces.set(representation.id, piece)
      const takesMore = watcher.sendBookmark(piece)
      if (takesMore && watcher.representation.id === representation.id) continue
      this.#flowing.remove(watcher)
      void this.#guarded(watcher, () => this.#catchUp(watcher))
    }
  }

  async #guarded(watcher: Watcher, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#fail(watcher, error)
    }
  }

  /**
   * What cannot be told any more, as the log being away for an old watch, ends it with a Status. Of a bug the client
   * hears nothing: it sees the watch end, and begins another.
   */
  #fail(watcher: Watcher, error: unknown): void {
    const refusal = isRefusal(error) ? error : undefined
    if (refusal === undefined) {
      const { ports, followed } = this.#context
      ports.logger.error({ err: error, resource: followed.id }, 'a watch failed')
    }
    watcher.end(refusal)
  }
}
