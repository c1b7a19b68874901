import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ApiClient } from '../asking/api-client.ts'
import type { Batch, FoldMessage, Task } from './task.ts'

const batchLines = 500
/** So many batches may be under way: the log is read no faster than it is computed. */
const underWayMax = 8

/**
 * Computes something from the whole log in a thread of its own, while it is read out; shows how far it is on a
 * terminal.
 */
export async function foldLog<R>(api: ApiClient, task: Task): Promise<R> {
  const worker = new Worker(new URL('./fold-worker.ts', import.meta.url), { workerData: task })
  const failed = once(worker, 'error').then(([error]) => Promise.reject(error))
  // Whoever waits next hears of it; until then nobody does.
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

/** One line that is written anew; nothing where no terminal is. */
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
