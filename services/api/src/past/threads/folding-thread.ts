import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { StatusError } from '@reckon/kubernetes'
import { ParsedItem, type PastItem } from '../past-item.ts'
import type { FoldRequest, FromThread, Refusal, ThreadSettings, ToThread } from './messages.ts'
import { unpacked } from './packed-items.ts'

/** A worker thread that folds one list after the other. It does not keep the process alive. */
export class FoldingThread {
  readonly #worker: Worker
  #hasFailed = false

  constructor(settings: ThreadSettings) {
    this.#worker = new Worker(new URL('fold-thread.ts', import.meta.url), { workerData: settings })
    this.#worker.unref()
    this.#worker.on('error', () => {
      this.#hasFailed = true
    })
  }

  /** After an unexpected error the thread must not be used again. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** Rethrows what the thread throws; throws once the signal aborts. */
  async *fold(fold: FoldRequest, signal: AbortSignal): AsyncGenerator<readonly PastItem[]> {
    const end = () => this.#post('end')
    signal.addEventListener('abort', end)
    try {
      let asked: ToThread = { fold }
      for (;;) {
        const answer = await this.#ask(asked)
        signal.throwIfAborted()
        if ('refusal' in answer) throw asError(answer.refusal)
        if ('items' in answer) yield* inTurns(unpacked(answer.items))
        else yield answer.objects.map((each) => new ParsedItem(each))
        if (answer.isEnd) return
        asked = 'more'
      }
    } finally {
      signal.removeEventListener('abort', end)
      end()
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  async #ask(message: ToThread): Promise<FromThread> {
    const coming = once(this.#worker, 'message')
    this.#post(message)
    const [answer]: FromThread[] = await coming
    if (answer === undefined) throw new Error('the thread answers nothing')
    return answer
  }
}

/** Lets others have their turn after each. */
async function* inTurns<T>(all: Iterable<T>): AsyncGenerator<T> {
  for (const each of all) {
    yield each
    await setImmediate()
  }
}

const asError = ({ reason, message, details }: Refusal): StatusError =>
  new StatusError(reason, message, details)
