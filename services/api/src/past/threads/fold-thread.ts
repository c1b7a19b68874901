import { parentPort, workerData } from 'node:worker_threads'
import { Objects } from '@reckon/domain'
import { openEventStore } from '@reckon/eventing/eventstore'
import { customResource, isRefusal, StatusError } from '@reckon/kubernetes'
import { systemClock } from '@reckon/process'
import { keptOnMachine, openVault } from '@reckon/process/trusted'
import { foldsHere } from '../past-folds.ts'
import type { FoldRequest, FromThread, ThreadSettings, ToThread } from './messages.ts'

/** The program of a thread that folds the past, one list at a time, as requested by a `FoldingThread`. */
if (parentPort === null) throw new Error('this runs as a thread of api')
const port = parentPort
const settings: ThreadSettings = workerData
const vault = await openVault(settings.masterKey)
const log = await openEventStore(settings.eventStore, { name: 'past of api' })
let folding: Folding | undefined

port.on('message', (message: ToThread) => {
  if (message === 'end') void folding?.end()
  else void answer(message)
})

async function answer(message: Exclude<ToThread, 'end'>): Promise<void> {
  if (message !== 'more') folding = new Folding(message.fold)
  port.postMessage(await folding?.next())
}

class Folding {
  readonly #stop = new AbortController()
  readonly #batches: AsyncIterator<FoldedBatch>

  constructor(asked: FoldRequest) {
    this.#batches = batchesOf(asked, this.#stop.signal)[Symbol.asyncIterator]()
  }

  async next(): Promise<FromThread> {
    try {
      const { value, done } = await this.#batches.next()
      return done ? { objects: [], isEnd: true } : { objects: value, isEnd: false }
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

type FoldedBatch = Extract<FromThread, { isEnd: boolean }>['objects']

function batchesOf(
  { resourceId, definition, keys, range, position }: FoldRequest,
  signal: AbortSignal,
): AsyncIterable<FoldedBatch> {
  const present = new Objects(vault)
  if (definition) present.resources.define(customResource(definition))
  for (const key of keys) present.keys.restore(key)
  const resource = present.resources.named(resourceId)
  if (resource === undefined) throw new Error(`there is no kind ${resourceId}`)
  const kept = keptOnMachine('api', settings.dataDir)([present])
  const sources = { ...kept, log, clock: systemClock }
  return foldsHere(present, sources).scan({ resource, range, position }, signal)
}
