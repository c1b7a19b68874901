import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { Objects } from '@reckon/domain'
import { openEventStore } from '@reckon/eventing/eventstore'
import { customResource, isRefusal, StatusError } from '@reckon/kubernetes'
import { systemClock } from '@reckon/process'
import { keptOnMachine, openVault } from '@reckon/process/trusted'
import { foldsHere } from '../past-folds.ts'
import { type PastItem, SavedItem } from '../past-item.ts'
import { givingWay } from './giving-way.ts'
import type { FoldRequest, FromThread, ThreadSettings, ToThread } from './messages.ts'
import { buffersOf, packed } from './packed-items.ts'

/** The program of a thread that folds the past, one list at a time, as requested by a `FoldingThread`. */
if (parentPort === null) throw new Error('this runs as a thread of api')
const port = parentPort
yieldToPresent()
const settings: ThreadSettings = workerData
const vault = await openVault(settings.masterKey)
const log = await openEventStore(settings.eventStore, { name: 'past of api' })
// It remembers which snapshots are whole.
const kept = keptOnMachine('api', settings.dataDir)
const clock = givingWay(systemClock)
let folding: Folding | undefined

port.on('message', (message: ToThread) => {
  if (message === 'end') void folding?.end()
  else void answer(message)
})

async function answer(message: Exclude<ToThread, 'end'>): Promise<void> {
  if (message !== 'more') folding = new Folding(message.fold)
  const next = await folding?.next()
  port.postMessage(next, next && 'items' in next ? buffersOf(next.items) : [])
}

/** Who asks about the present comes first. On Linux a priority is that of the calling thread alone. */
function yieldToPresent(): void {
  if (process.platform === 'linux') setPriority(10)
}

class Folding {
  readonly #stop = new AbortController()
  readonly #batches: AsyncIterator<readonly PastItem[]>
  #coming: Promise<IteratorResult<readonly PastItem[]>>

  constructor(asked: FoldRequest) {
    this.#batches = batchesOf(asked, this.#stop.signal)[Symbol.asyncIterator]()
    this.#coming = this.#batches.next()
  }

  async next(): Promise<FromThread> {
    try {
      const { value, done } = await this.#coming
      if (done) return { objects: [], isEnd: true }
      this.#coming = this.#batches.next()
      // Told with the last batch, so that nobody has to ask once more.
      const { done: isEnd = false } = await this.#coming
      const saved = value.filter((item) => item instanceof SavedItem)
      return saved.length === value.length
        ? { items: packed(saved), isEnd }
        : { objects: value.map((item) => item.stored()), isEnd }
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { reason, message, details } = error
      return { refusal: { reason, message, details } }
    }
  }

  async end(): Promise<void> {
    this.#stop.abort(new StatusError('Timeout', 'nobody waits for it any more'))
    await this.#batches.return?.()
  }
}

function batchesOf(
  { resourceId, definition, keys, range, position }: FoldRequest,
  signal: AbortSignal,
): AsyncIterable<readonly PastItem[]> {
  const present = new Objects(vault)
  if (definition) present.resources.define(customResource(definition))
  for (const key of keys) present.keys.restore(key)
  const resource = present.resources.named(resourceId)
  if (resource === undefined) throw new Error(`there is no kind ${resourceId}`)
  const sources = { ...kept([present]), log, clock }
  return foldsHere(present, sources).list({ resource, range, position }, signal)
}
