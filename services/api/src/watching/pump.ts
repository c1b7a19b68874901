import { isRefusal } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import type { Audience } from './audience.ts'
import { Audiences } from './audiences.ts'
import type { FollowedChanges } from './followed-changes.ts'
import { missedPieces } from './missed-pieces.ts'
import { bookmarkOf, type Piece } from './watch-lines.ts'
import type { WatchedChange } from './watched-change.ts'
import type { Watcher } from './watcher.ts'

/** How long changes are gathered after a turn, so that each watcher gets one write for all of them. */
const gatherMs = 12
/** If sending took longer, wait as long again, up to this: half of the time is left for other work. */
const gatherMsMax = 100

type PumpPorts = Pick<ApiPorts, 'log' | 'objects' | 'clock' | 'logger'>
type PumpContext = { ports: PumpPorts; followed: FollowedChanges }

/**
 * Sends changes to the watchers of a resource, or of several together. Watchers that keep up are all served at once.
 * One that falls behind keeps nothing in memory but its position and what was last written to it; it catches up by
 * itself, from recent changes or the log, and then joins the others again.
 */
export class Pump {
  readonly #context: PumpContext
  /** The watchers that have been sent everything except what is gathered now. */
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

  /** Sends a watcher its initial pieces, then every change after its position, until it ends. */
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

  /** Called every second. Returns how many watchers were cut off. */
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
    // Watchers that are catching up find the change in memory, or in the log.
    if (this.#flowing.size === 0) return
    this.#gathered.push(change)
    if (!this.#isGathering) void this.#sendInTurns()
  }

  /** The first change after a quiet time is sent at once; the following ones are gathered. */
  async #sendInTurns(): Promise<void> {
    const { clock } = this.#context.ports
    this.#isGathering = true
    await Promise.resolve()
    while (this.#gathered.length > 0) {
      const beganMs = clock.now()
      this.#turn()
      await clock.sleep(gatherMs)
      // Sockets are flushed after this turn, before any timer fires.
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
    // Only after all were served: a watcher that changes its audience would get the same changes
    // again there.
    for (const audience of seeing.keys()) this.#part(audience)
    this.#turned.resolve()
    this.#turned = Promise.withResolvers()
  }

  /** Moves watchers that are full to catching up, and those whose representation changed to another audience. */
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

  /** Resolves when the client reads on and other work has had its turn: a socket may accept everything at once. */
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
   * Ends a watch that cannot go on, for example an old one while the log is away, with a Status. After a bug the client
   * only sees the watch end, and begins another.
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
