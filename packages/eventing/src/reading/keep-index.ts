import { messageOf } from '@reckon/kubernetes'
import { aborted } from '../aborted.ts'
import type { Clock } from '../clock.ts'
import type { EventLog } from '../log/event-log.ts'
import { type Describe, type Indexed, indexed, type LogIndexStore } from '../log-index.ts'
import type { Logger } from '../logger.ts'
import type { Reader } from './reader.ts'
import { whileAway } from './while-away.ts'

/** So long events are gathered before they are written. */
const gatherMs = 200
/** So many are written in one turn. */
const turnEvents = 250
/** So often it is looked whether another process still has the index. */
const heldRetryMs = 1000
/** No more wait in memory: where that does not do, as while a long log is read, the rest is read from the log, too. */
const waitingMax = 10_000

type Keeping = {
  log: EventLog
  reader: Pick<Reader, 'ready' | 'position' | 'subscribe'>
  index: LogIndexStore
  clock: Clock
  logger: Logger
  describe: Describe
}

/**
 * Keeps an index up to what a reader has applied until the signal aborts: what it lacks is read from the log. What the
 * disk refuses ends it, for this process: who asks then reads the log. So they do as long as another process has the
 * index.
 */
export async function keepIndex(keeping: Keeping, signal: AbortSignal): Promise<void> {
  const { reader, index, clock, logger } = keeping
  await Promise.race([reader.ready, aborted(signal)])
  if (signal.aborted) return
  const coming = new Coming()
  // What waits is what is to be written, not the event: that would keep the bytes in memory with which it came.
  const end = reader.subscribe((event) => coming.add(indexed(event, keeping.describe)))
  try {
    const attempts = { clock, logger, signal, isOver: () => signal.aborted }
    await whileAway(attempts, () => untilOpen(keeping, signal))
    while (!signal.aborted) {
      // What is applied by now is read from the log, and nothing comes between.
      const upTo = reader.position ?? -1n
      coming.clear()
      await whileAway(attempts, () => fill(keeping, upTo, signal))
      while (!signal.aborted && coming.isWhole) {
        await write(keeping, coming.take(turnEvents))
        await clock.sleep(coming.count > 0 ? 0 : gatherMs, signal)
      }
    }
  } catch (error) {
    const about = { error: messageOf(error) }
    logger.warn(about, 'the log is no longer indexed: what is asked by time or request is read')
  } finally {
    end()
    await index.close().catch(() => {})
  }
}

/** Waits for its turn: the index of a folder has one process at a time. */
async function untilOpen({ log, index, clock, logger }: Keeping, signal: AbortSignal) {
  for (let tries = 0; !signal.aborted; tries++) {
    if (await index.open(log)) return
    const meanwhile = 'until then, what is asked by time or request is read from the log'
    if (tries === 0) logger.warn({}, `the index waits for the process that has it; ${meanwhile}`)
    await clock.sleep(heldRetryMs, signal)
  }
}

/** What was applied and is not written yet. */
class Coming {
  #entries: Indexed[] = []
  /** Nothing was left out since it was cleared. */
  isWhole = true

  get count(): number {
    return this.#entries.length
  }

  clear(): void {
    this.#entries = []
    this.isWhole = true
  }

  add(entry: Indexed | undefined): void {
    if (entry === undefined) return
    if (this.#entries.length < waitingMax) this.#entries.push(entry)
    else this.isWhole = false
  }

  take(count: number): readonly Indexed[] {
    return this.#entries.splice(0, count)
  }
}

/** What the index lacks of a log up to a position. */
async function fill(keeping: Keeping, upTo: bigint, signal: AbortSignal): Promise<void> {
  const { log, index, clock, describe } = keeping
  let batch: Indexed[] = []
  let read = 0
  for await (const event of log.readAll({ after: index.upTo })) {
    if (signal.aborted || event.position > upTo) break
    const entry = indexed(event, describe)
    if (entry !== undefined) batch.push(entry)
    if (++read % turnEvents > 0) continue
    await write(keeping, batch)
    batch = []
    await clock.sleep(0, signal)
  }
  await write(keeping, batch)
}

async function write({ index }: Keeping, entries: readonly Indexed[]) {
  const { upTo = -1n } = index
  const lacking = entries.filter(({ position }) => position > upTo)
  if (lacking.length > 0) await index.append(lacking)
}
