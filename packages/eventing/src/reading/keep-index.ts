import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import { type Describe, indexed, type LogIndexStore } from '../log-index.ts'
import type { Logger } from '../logger.ts'
import type { Reader } from './reader.ts'
import { whileAway } from './while-away.ts'

/** So long events are gathered before they are written. */
const gatherMs = 200
/** So many are written in one turn. */
const turnEvents = 250

type Keeping = {
  log: EventLog
  reader: Pick<Reader, 'ready' | 'position' | 'subscribe'>
  index: LogIndexStore
  clock: Clock
  logger: Logger
  describe: Describe
}

/**
 * Keeps an index up to what a reader has applied until the signal aborts: what it lacks is read from the log. What the disk
 * refuses ends it, for this process: who asks then reads the log.
 */
export async function keepIndex(keeping: Keeping, signal: AbortSignal): Promise<void> {
  const { log, reader, index, clock, logger } = keeping
  const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  await Promise.race([reader.ready, ended])
  if (signal.aborted) return
  const coming: RecordedEvent[] = []
  const begun = reader.position ?? -1n
  const end = reader.subscribe((event) => coming.push(event))
  try {
    const attempts = { clock, logger, signal, isOver: () => signal.aborted }
    await whileAway(attempts, () => index.open(log))
    await whileAway(attempts, () => fill(keeping, begun, signal))
    while (!signal.aborted) {
      await write(keeping, coming.splice(0, turnEvents))
      await clock.sleep(coming.length > 0 ? 0 : gatherMs, signal)
    }
  } catch (error) {
    const about = { error: error instanceof Error ? error.message : String(error) }
    logger.warn(about, 'the log is no longer indexed: what is asked by time or request is read')
  } finally {
    end()
    await index.close().catch(() => {})
  }
}

/** What the index lacks of a log up to a position. */
async function fill(keeping: Keeping, upTo: bigint, signal: AbortSignal): Promise<void> {
  const { log, index, clock } = keeping
  let batch: RecordedEvent[] = []
  for await (const event of log.readAll({ after: index.upTo })) {
    if (signal.aborted || event.position > upTo) break
    if (batch.push(event) < turnEvents) continue
    await write(keeping, batch)
    batch = []
    await clock.sleep(0, signal)
  }
  await write(keeping, batch)
}

async function write({ index, describe }: Keeping, events: readonly RecordedEvent[]) {
  const { upTo = -1n } = index
  const entries = events
    .filter(({ position }) => position > upTo)
    .flatMap((event) => indexed(event, describe) ?? [])
  if (entries.length > 0) await index.append(entries)
}
