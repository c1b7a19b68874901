import { messageOf } from '@reckon/kubernetes'
import { aborted } from '../aborted.ts'
import { Alarm } from '../alarm.ts'
import type { Clock } from '../clock.ts'
import type { EventLog } from '../log/event-log.ts'
import { type Describe, type Indexed, indexed, type LogIndexStore } from '../log-index.ts'
import type { Logger } from '../logger.ts'
import type { Reader } from './reader.ts'
import { whileAway } from './while-away.ts'

/** How long events are gathered before they are written. */
const gatherMs = 200
/** Events written before other work has its turn. */
const turnEvents = 250
/** How often to check whether another process still has the index open. */
const heldRetryMs = 1000
/**
 * The most events that wait in memory. When more come, as while a long log is read, the rest is read from the log as
 * well.
 */
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
 * Keeps an index up to what a reader has applied, until the signal aborts; what it lacks is read from the log. A disk
 * error ends this for the process, and lookups then read the log. They also do while another process has the index
 * open.
 */
export async function keepIndex(keeping: Keeping, signal: AbortSignal): Promise<void> {
  const { reader, index, clock, logger } = keeping
  await Promise.race([reader.ready, aborted(signal)])
  if (signal.aborted) return
  const coming = new Coming(clock)
  // The index entry waits rather than the event, which would keep the bytes it came with in memory.
  const end = reader.subscribe((event) => coming.add(indexed(event, keeping.describe)))
  try {
    const attempts = { clock, logger, signal, isOver: () => signal.aborted }
    await whileAway(attempts, () => untilOpen(keeping, signal))
    while (!signal.aborted) {
      // Events up to here are read from the log; nothing is lost in between.
      const upTo = reader.position ?? -1n
      coming.clear()
      await whileAway(attempts, () => fill(keeping, upTo, signal))
      while (!signal.aborted && coming.isWhole) {
        await write(keeping, coming.take(turnEvents))
        const isMore = coming.count > 0
        if (!isMore) await coming.some(signal)
        await clock.sleep(isMore ? 0 : gatherMs, signal)
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

/** Waits until the index is open: one process at a time has it. */
async function untilOpen({ log, index, clock, logger }: Keeping, signal: AbortSignal) {
  for (let tries = 0; !signal.aborted; tries++) {
    if (await index.open(log)) return
    const meanwhile = 'until then, what is asked by time or request is read from the log'
    if (tries === 0) logger.warn({}, `the index waits for the process that has it; ${meanwhile}`)
    await clock.sleep(heldRetryMs, signal)
  }
}

/** Entries of events that are applied but not written yet. */
class Coming {
  readonly #alarm: Alarm
  #entries: Indexed[] = []
  /** Whether no entry was left out since the last `clear`. */
  isWhole = true

  constructor(clock: Clock) {
    this.#alarm = new Alarm(clock)
  }

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
    if (this.count === 1) this.#alarm.ring()
  }

  /** Resolves when there are some, or when the signal aborts. */
  async some(signal: AbortSignal): Promise<void> {
    const { rings } = this.#alarm
    if (this.count === 0) await this.#alarm.wait(rings, { signal })
  }

  take(count: number): readonly Indexed[] {
    return this.#entries.splice(0, count)
  }
}

/** Appends what the index lacks of the log up to a position. */
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
