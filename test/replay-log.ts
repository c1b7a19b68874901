import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { isSystemEvent } from '@reckon/eventing'
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
  const log = await openEventStore(eventStoreUrl(layout, file), { name: 'replay' })
  try {
    const replay = new Replay()
    for await (const event of log.readAll()) if (!isSystemEvent(event)) replay.add(event)
    const report = replay.end()
    const text = formatReplay(report)
    console.error(`${basename(dataDir)}: ${text.trimEnd()}`)
    assert.equal(report.divergences, 0, text)
  } finally {
    await log.close()
  }
}
