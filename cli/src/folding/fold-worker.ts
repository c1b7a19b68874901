import { parentPort, workerData } from 'node:worker_threads'
import { Replay, WhatIf } from '@reckon/scheduling'
import type { Batch, FoldMessage, Task } from './task.ts'

// A worker thread; the main thread reads the log and shows progress.
const port = parentPort
if (port === null) throw new Error('this is the thread of a fold')
const post = (message: FoldMessage) => port.postMessage(message)
const folding = foldingOf(workerData as Task)
let events = 0

port.on('message', (batch: Batch) => {
  if (batch === 'End') {
    post({ report: folding.end() })
    port.close()
    return
  }
  let time = ''
  for (const line of batch.lines) {
    const { position, revision, ...event } = JSON.parse(line)
    folding.add({ ...event, position: BigInt(position), revision: BigInt(revision) })
    time = event.metadata?.time ?? time
  }
  events += batch.lines.length
  post({ events, time })
})

function foldingOf(task: Task): Replay | WhatIf {
  if (task.type === 'WhatIf') return new WhatIf({ ...task.span, suppositions: task.suppositions })
  const { span, configuration } = task
  return new Replay({ ...span, ...(configuration && { configuration }) })
}
