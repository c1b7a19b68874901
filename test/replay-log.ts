import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { formatReplay, Replay } from '@reckon/scheduling'
import { eventStoreUrl, findSupervisor, layoutOf, readClusterFile } from '@reckon/supervisor'

/**
 * Checks that the scheduler's decisions are reproduced from a cluster's log before the log is removed. Of a cluster
 * that does not run nothing is read.
 */
export async function replayLog(dataDir: string): Promise<void> {
  const layout = layoutOf(dataDir)
  const file = await readClusterFile(layout)
  if (file === undefined || (await findSupervisor(layout)) === undefined) return
  const replay = new Replay()
  for (const event of await eventsOf(eventStoreUrl(layout, file))) {
    if (!isSystemEvent(event)) replay.add(event)
  }
  const report = replay.end()
  const text = formatReplay(report)
  console.error(`${basename(dataDir)}: ${text.trimEnd()}`)
  assert.equal(report.divergences, 0, text)
}

/** All of a log, read before anything is computed: who computes for long answers no store, and is cut off by it. */
async function eventsOf(url: string): Promise<RecordedEvent[]> {
  const log = await openEventStore(url, { name: 'replay' })
  try {
    return await Array.fromAsync(log.readAll())
  } finally {
    await log.close()
  }
}
