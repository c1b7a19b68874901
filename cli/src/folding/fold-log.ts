import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ApiClient } from '../asking/api-client.ts'
import type { Batch, FoldMessage, Task } from './task.ts'

const batchLines = 500
/** The limit of batches in progress: the log is read no faster than it is processed. */
const underWayMax = 8

/** Computes a result from the whole log in a worker thread while the log is read; shows progress on a terminal. */
export async function foldLog<R>(api: ApiClient, task: Task): Promise<R> {
  const worker = new Worker(new URL('./fold-worker.ts', import.meta.url), { workerData: task })
  const failed = once(worker, 'error').then(([error]) => Promise.reject(error))
  // The next caller who waits gets the error; until then it must not count as unhandled.
  failed.catch(() => {})
  const progress = progressOn(process.stderr)
  let underWay = 0
  const report = new Promise<R>((resolve) => {
    worker.on('message', (message: FoldMessage) => {
      underWay -= 1
      if ('report' in message) resolve(message.report as R)
      else progress.show(message)
    })
  })
  const send = async (batch: Batch) => {
    underWay += 1
    worker.postMessage(batch)
    while (underWay > underWayMax) await Promise.race([once(worker, 'message'), failed])
  }
  try {
    let lines: string[] = []
    for await (const line of api.lines('/apis/history.reckon.dev/v1/events')) {
      if (line === '') continue
      lines.push(line)
      if (lines.length < batchLines) continue
      await send({ lines })
      lines = []
    }
    await send({ lines })
    await send('End')
    return await Promise.race([report, failed])
  } finally {
    progress.end()
    await worker.terminate()
  }
}

const showEveryMs = 200

/** A progress line that is overwritten; nothing without a terminal. */
function progressOn(stream: NodeJS.WriteStream) {
  const clear = '\r\u001b[K'
  let shownAtMs = 0
  return {
    show({ events, time }: { events: number; time: string }): void {
      const nowMs = performance.now()
      if (stream.isTTY !== true || nowMs - shownAtMs < showEveryMs) return
      shownAtMs = nowMs
      stream.write(`${clear}${events} events, up to ${time}`)
    },
    end(): void {
      if (shownAtMs > 0) stream.write(clear)
    },
  }
}
