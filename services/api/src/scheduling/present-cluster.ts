import { listKeyOf, type ObjectChange, type Objects } from '@reckon/domain'
import type { Clock } from '@reckon/eventing'
import { isRefusal, type Resource, resourceId } from '@reckon/kubernetes'
import { ClusterState, fedResources, feed, isFed } from '@reckon/scheduling'
import { Semaphore } from '../past/semaphore.ts'

/** The state that placements depend on. */
export type ClusterAt = { position: bigint; cluster: ClusterState }

/** How many objects are added at a time. */
const objectsOfTurn = 200

/** How long it is kept up to date after its last use: a page that is open asks every few seconds. */
const keptMsMax = 300_000

type Kept = {
  readonly cluster: ClusterState
  /** Changes that arrived during a use. */
  held: ObjectChange[] | undefined
  askedMs: number
  end(): void
}

/**
 * The state that placements depend on, as of the view. It is built on first use, yielding to other work, then kept up
 * to date with the view, and dropped when nobody has used it for a while. So the cost of building it (10 to 20 µs per
 * object) delays nobody, and is not paid for each answer.
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
   * Uses the state as of the view's position. It does not change meanwhile, and the caller must leave it as it was.
   * Throws if the signal aborts before that begins.
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
      // A refusal was intended; any other error may have left the state half changed.
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
      // Changes during the scan are added as well: an object that is added twice counts once, in
      // its last state.
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
