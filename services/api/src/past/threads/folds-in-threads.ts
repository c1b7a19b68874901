import { type Objects, streamsOf } from '@reckon/domain'
import { definitionOf, type Resource, resourceId } from '@reckon/kubernetes'
import type { PastFolds } from '../past-folds.ts'
import { FoldingThread } from './folding-thread.ts'
import type { FoldRequest, ThreadSettings } from './messages.ts'

/** An idle thread is ended after this time: it holds 60 to 200 MiB. */
const idleMsMax = 60_000

/** Folds the past in worker threads; a new one is started when all others are busy. */
export class FoldsInThreads {
  readonly #settings: ThreadSettings
  readonly #idle = new Map<FoldingThread, NodeJS.Timeout>()

  constructor(settings: ThreadSettings) {
    this.#settings = settings
  }

  /** Folds of the log that this view follows. */
  of(objects: Objects): PastFolds {
    const take = () => this.#take()
    const giveBack = (thread: FoldingThread) => this.#giveBack(thread)
    return {
      async *list({ resource, range, position }, signal) {
        const thread = take()
        const asked = { ...neededOf(objects, resource), range, position }
        try {
          yield* thread.fold(asked, signal)
        } finally {
          giveBack(thread)
        }
      },
    }
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#idle.keys(), (thread) => this.#end(thread)))
  }

  #take(): FoldingThread {
    for (const [thread, timer] of this.#idle) {
      clearTimeout(timer)
      this.#idle.delete(thread)
      if (!thread.hasFailed) return thread
    }
    return new FoldingThread(this.#settings)
  }

  #giveBack(thread: FoldingThread): void {
    const timer = setTimeout(() => this.#end(thread), idleMsMax)
    this.#idle.set(thread, timer.unref())
  }

  async #end(thread: FoldingThread): Promise<void> {
    clearTimeout(this.#idle.get(thread))
    this.#idle.delete(thread)
    await thread.close()
  }
}

/** What a thread needs to fold a resource: its definition, and the present keys to what is encrypted. */
function neededOf(
  objects: Objects,
  resource: Resource,
): Pick<FoldRequest, 'resourceId' | 'definition' | 'keys'> {
  const definition = definitionOf(resource)
  const begin = streamsOf(resource)
  const keys = objects.keys.snapshot().filter(([, held]) => held.stream.startsWith(begin))
  return { resourceId: resourceId(resource), ...(definition && { definition }), keys }
}
