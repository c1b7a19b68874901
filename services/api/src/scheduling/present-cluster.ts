import { listKeyOf, type ObjectChange, type Objects } from '@reckon/domain'
import type { Clock } from '@reckon/eventing'
import { isRefusal, type Resource, resourceId } from '@reckon/kubernetes'
import { ClusterState, fedResources, feed, isFed } from '@reckon/scheduling'
import { Semaphore } from '../past/semaphore.ts'

/** What placements depend on at a moment. */
export type ClusterAt = { position: bigint; cluster: ClusterState }

/** So many objects are taken in at a time. */
const objectsOfTurn = 200

/** Kept up for so long after somebody asked: a page that looks on asks every few seconds. */
const keptMsMax = 300_000

type Kept = {
  readonly cluster: ClusterState
  /** What came while somebody uses it. */
  held: ObjectChange[] | undefined
  askedMs: number
  end(): void
}

/**
 * What placements depend on, as the view has it: made in turns once somebody asks, then kept up with the view change by
 * change, and forgotten when nobody has asked for a while. What a cluster costs to make (10 to 20 µs an object) so never
 * holds up others, nor is it made for each answer.
 */
export class PresentCluster {
  readonly #objects: Objects
  readonly #clock: Clock
  readonly #turn = new Semaphore(1)
  #kept: Kept | undefined

  constructor({ objects, clock }: { objects: Objects; clock: Clock }) {
    this.#objects = objects
    this.#clock = clock
  }

  /**
   * Uses the state of the view's position: it stands still meanwhile, and is to be left as it was found. Throws once the
   * signal aborts before that begins.
   */
  async use<T>(signal: AbortSignal, act: (at: ClusterAt) => T | Promise<T>): Promise<T> {
    await this.#turn.enter(signal)
    try {
      const kept = this.#kept ?? (await this.#made(signal))
      this.#kept = kept
      kept.held = []
      const { cluster } = kept
      const result = await act({ cluster, position: this.#objects.position ?? 0n })
      this.#catchUp(kept)
      return result
    } catch (error) {
      // A refusal was thought of; anything else may have left it half changed.
      if (this.#kept && isRefusal(error)) this.#catchUp(this.#kept)
      else this.#forget()
      throw error
    } finally {
      this.#turn.leave()
    }
  }

  async #made(signal: AbortSignal): Promise<Kept> {
    const cluster = new ClusterState()
    const take = (change: ObjectChange) => this.#take(kept, change)
    const end = this.#objects.subscribe(take)
    const kept: Kept = { cluster, held: undefined, askedMs: this.#clock.now(), end }
    try {
      // What changes meanwhile is taken in as well: an object that is there twice counts once, as it was last.
      for (const resource of fedResources) await this.#fill(cluster, resource, signal)
      return kept
    } catch (error) {
      end()
      throw error
    }
  }

  async #fill(cluster: ClusterState, resource: Resource, signal: AbortSignal): Promise<void> {
    for (let after: string | undefined; ; ) {
      const some = Iterator.from(this.#objects.scan(resource, { after }))
        .take(objectsOfTurn)
        .toArray()
      for (const stored of some) feed(cluster, { type: 'ADDED', resource, stored })
      const last = some.at(-1)
      if (last === undefined) return
      after = listKeyOf(last.object)
      await this.#clock.sleep(0)
      signal.throwIfAborted()
    }
  }

  #take(kept: Kept, change: ObjectChange): void {
    if (!isFed(resourceId(change.resource))) return
    if (kept.held) kept.held.push(change)
    else if (this.#clock.now() - kept.askedMs > keptMsMax) this.#forget()
    else feed(kept.cluster, change)
  }

  #catchUp(kept: Kept): void {
    for (const change of kept.held ?? []) feed(kept.cluster, change)
    kept.held = undefined
    kept.askedMs = this.#clock.now()
  }

  #forget(): void {
    this.#kept?.end()
    this.#kept = undefined
  }
}
