import { messageOf } from '@reckon/kubernetes'
import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Logger } from '../logger.ts'
import type { Kept, KeptBatch, SegmentStore, Stretch, Withheld } from '../segments.ts'
import { isOfThisLog } from '../snapshots.ts'

/** For how long events are gathered before they are written, or until there are so many of them. */
const gatherMs = 200
const gatheredMax = 250
/** A reader that is faster than the disk waits when this many events are pending. */
const pendingMax = 5000
/** How many withheld events are requested from the log at once. */
const askedAtOnce = 16

type KeptLogOptions = {
  segments: SegmentStore
  clock: Clock
  logger: Logger
  isWithheld(event: RecordedEvent): boolean
}

/**
 * The log as this process has read it, kept in segments in the background. Doubtful segments are deleted, and a disk
 * error only ends their use.
 */
export class KeptLog {
  readonly #options: KeptLogOptions
  #stretch: Stretch | undefined
  /** Everything up to this position is in the segments, or about to be. */
  #upTo = -1n
  #isKeeping = false
  /** How many were added to the segments since the last write began. */
  #gathered = 0
  /** What has come while a write is under way. */
  #pending: Kept[] = []
  #isDue = false
  #writing: Promise<void> | undefined

  constructor(options: KeptLogOptions) {
    this.#options = options
  }

  /** Opens the segments of this log, for a view at a position. Throws where the log cannot be read. */
  async open(log: EventLog, position: bigint | undefined): Promise<void> {
    const { segments, logger } = this.#options
    const found = await this.#attempt(() => segments.stretch())
    const reaches = found !== undefined && (position ?? -1n) <= found.upTo
    if (found !== undefined && reaches && (await isOfThisLog(log, found.witnesses))) {
      this.#stretch = found
      this.#upTo = found.upTo
      this.#isKeeping = true
      return
    }
    if (found !== undefined) {
      const about = { upTo: String(found.upTo), position: String(position) }
      logger.warn(about, 'the segments are not of this log, or end too soon; they begin anew')
    }
    await this.#begin(position)
  }

  /** Reads every event after a position: from the segments as far as they go, then from the log. */
  async *read(log: EventLog, after: bigint | undefined): AsyncGenerator<RecordedEvent> {
    const stretch = this.#stretch
    let position = after
    if (stretch !== undefined && (after ?? -1n) < stretch.upTo) {
      if ((after ?? -1n) < (stretch.after ?? -1n)) {
        for await (const event of log.readAll({ after })) {
          if (event.position > (stretch.after ?? -1n)) break
          position = event.position
          yield event
        }
        position = stretch.after
      }
      for await (const batch of this.#kept(position)) {
        for (const event of await present(log, position, batch.kept)) yield event
        position = batch.upTo
      }
      if (position !== stretch.upTo) await this.#damaged(position)
    }
    yield* log.readAll({ after: position })
  }

  /** To be called with each event that the views have applied, in order. */
  add(event: RecordedEvent): void {
    const { position } = event
    if (!this.#isKeeping || position <= this.#upTo) return
    this.#upTo = position
    this.#gather(this.#options.isWithheld(event) ? { position, withheld: true } : event)
  }

  /** Encodes it at once: an event that waited for the next write would outlive two scavenges and grow the heap. */
  #gather(kept: Kept): void {
    if (this.#writing !== undefined) {
      this.#pending.push(kept)
      return
    }
    try {
      this.#options.segments.add(kept)
    } catch (error) {
      this.#giveUp(error)
      return
    }
    this.#gathered++
    if (this.#gathered >= gatheredMax) void this.#write()
    else if (!this.#isDue) void this.#writeSoon()
  }

  /** Resolves at once unless the disk is far behind; then when it has caught up. */
  async keptUp(): Promise<void> {
    while (this.#pending.length > pendingMax) await this.#write()
  }

  async close(): Promise<void> {
    do await this.#write()
    while (this.#gathered > 0)
    await this.#attempt(() => this.#options.segments.close())
    this.#isKeeping = false
  }

  async #writeSoon(): Promise<void> {
    this.#isDue = true
    await this.#options.clock.sleep(gatherMs)
    this.#isDue = false
    await this.#write()
  }

  /** Writes what is gathered, and gathers what has come meanwhile. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeGathered()
    return this.#writing
  }

  async #writeGathered(): Promise<void> {
    this.#gathered = 0
    if (this.#isKeeping) await this.#attempt(() => this.#options.segments.write())
    this.#writing = undefined
    for (const kept of this.#pending.splice(0)) this.#gather(kept)
  }

  /** Reads the segments after a position; ends at a disk error. */
  async *#kept(after: bigint | undefined): AsyncGenerator<KeptBatch> {
    try {
      yield* this.#options.segments.read({ after })
    } catch (error) {
      this.#options.logger.warn({ error: messageOf(error) }, 'the segments cannot be read')
    }
  }

  async #damaged(position: bigint | undefined): Promise<void> {
    const about = { position: String(position) }
    this.#options.logger.warn(about, 'the segments are damaged; they begin anew')
    await this.#begin(position)
  }

  async #begin(position: bigint | undefined): Promise<void> {
    this.#stretch = undefined
    this.#upTo = position ?? -1n
    this.#isKeeping = true
    await this.#attempt(() => this.#options.segments.begin(position))
  }

  /** After a disk error, segments are not used until the next start. */
  async #attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act()
    } catch (error) {
      this.#giveUp(error)
      return undefined
    }
  }

  #giveUp(error: unknown): void {
    const wasKeeping = this.#isKeeping
    this.#isKeeping = false
    this.#pending = []
    const about = { error: messageOf(error) }
    if (wasKeeping) this.#options.logger.warn(about, 'the log cannot be kept in segments')
  }
}

/** The events of a batch. Withheld ones are read from the log, if it still has them. */
async function present(
  log: EventLog,
  before: bigint | undefined,
  batch: readonly Kept[],
): Promise<readonly RecordedEvent[]> {
  const isComplete = !batch.some((kept) => 'withheld' in kept)
  if (isComplete) return batch.flatMap((kept) => ('withheld' in kept ? [] : [kept]))
  const found: RecordedEvent[] = []
  for (let begin = 0; begin < batch.length; begin += askedAtOnce) {
    const some = batch.slice(begin, begin + askedAtOnce).map((kept, index) => {
      const previous = batch[begin + index - 1]?.position ?? before
      return 'withheld' in kept ? withheld(log, previous, kept) : kept
    })
    for (const event of await Promise.all(some)) if (event !== undefined) found.push(event)
  }
  return found
}

async function withheld(
  log: EventLog,
  after: bigint | undefined,
  { position }: Withheld,
): Promise<RecordedEvent | undefined> {
  for await (const event of log.readAll({ after, limit: 1 })) {
    return event.position === position ? event : undefined
  }
  return undefined
}
