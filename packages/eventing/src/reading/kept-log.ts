import { messageOf } from '@reckon/kubernetes'
import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Logger } from '../logger.ts'
import type { Kept, KeptBatch, SegmentStore, Stretch, Withheld } from '../segments.ts'
import { isOfThisLog } from '../snapshots.ts'
import type { Superseded } from '../superseded.ts'

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
  /** Whether nothing before an event in its stream matters to any view; absent where it always may. */
  isSuperseding: ((event: RecordedEvent) => boolean) | undefined
  sparedEvents: number
}

type Gathered = { kept: Kept; isSuperseding: boolean }

/**
 * The log as this process has read it, kept in segments in the background. Doubtful segments are deleted, and a disk
 * error only ends their use.
 */
export class KeptLog {
  readonly #options: KeptLogOptions
  #stretch: Stretch | undefined
  /** Found once: what was left out before an outage must be left out after it. */
  #superseded: Superseded | undefined
  /** Everything up to this position is in the segments, or about to be. */
  #upTo = -1n
  #isKeeping = false
  /** How many were added to the segments since the last write began. */
  #gathered = 0
  /** What has come while a write is under way. */
  #pending: Gathered[] = []
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

  /**
   * Reads the events after a position: from the segments as far as they go, then from the log. Those that later ones
   * supersede are left out, wherever they come from.
   */
  async *read(log: EventLog, after: bigint | undefined): AsyncGenerator<RecordedEvent> {
    const stretch = this.#stretch
    let position = after
    if (stretch !== undefined && (after ?? -1n) < stretch.upTo) {
      const begin = later(after, stretch.after)
      await this.#findSuperseded(begin)
      if (begin !== after) {
        for await (const event of log.readAll({ after })) {
          if (event.position > (begin ?? -1n)) break
          if (!this.#isSuperseded(event)) yield event
        }
      }
      position = begin
      for await (const batch of this.#kept(position)) {
        yield* await present(log, batch.kept)
        position = batch.upTo
      }
      if (position !== stretch.upTo) await this.#damaged(position)
    }
    for await (const event of log.readAll({ after: position })) {
      if (!this.#isSuperseded(event)) yield event
    }
    this.#superseded = undefined
  }

  /** Whether views at a position may lack something because later events supersede it. */
  isPartialAt(position: bigint): boolean {
    return this.#superseded !== undefined && position < this.#superseded.upTo
  }

  /** To be called with each event that the views have applied, in order. */
  add(event: RecordedEvent): void {
    const { position } = event
    if (!this.#isKeeping || position <= this.#upTo) return
    this.#upTo = position
    const isWithheld = this.#options.isWithheld(event)
    const isSuperseding = !isWithheld && (this.#options.isSuperseding?.(event) ?? false)
    this.#gather({ kept: isWithheld ? { position, withheld: true } : event, isSuperseding })
  }

  /** Encodes it at once: an event that waited for the next write would outlive two scavenges and grow the heap. */
  #gather(gathered: Gathered): void {
    if (this.#writing !== undefined) {
      this.#pending.push(gathered)
      return
    }
    try {
      this.#options.segments.add(gathered.kept, gathered.isSuperseding)
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
    for (const gathered of this.#pending.splice(0)) this.#gather(gathered)
  }

  async #findSuperseded(after: bigint | undefined): Promise<void> {
    const { segments, isSuperseding, sparedEvents: spared, logger } = this.#options
    if (this.#superseded !== undefined || isSuperseding === undefined) return
    this.#superseded = await segments.superseded({ after, spared }).catch((error) => {
      logger.warn({ error: messageOf(error) }, 'what is superseded cannot be read in the segments')
      return undefined
    })
  }

  #isSuperseded({ stream, position }: RecordedEvent): boolean {
    if (!this.isPartialAt(position)) return false
    return position < (this.#superseded?.before.get(stream) ?? -1n)
  }

  /** Reads the segments after a position; ends at a disk error. */
  async *#kept(after: bigint | undefined): AsyncGenerator<KeptBatch> {
    try {
      yield* this.#options.segments.read({ after, superseded: this.#superseded })
    } catch (error) {
      this.#options.logger.warn({ error: messageOf(error) }, 'the segments cannot be read')
    }
  }

  async #damaged(position: bigint | undefined): Promise<void> {
    const about = { position: String(position) }
    this.#options.logger.warn(about, 'the segments are damaged; they begin anew')
    await this.#begin(position)
  }

  /** Begins after everything that is left out, so that nothing is missing in between. */
  async #begin(position: bigint | undefined): Promise<void> {
    const after = later(position, this.#superseded?.upTo)
    this.#stretch = undefined
    this.#upTo = after ?? -1n
    this.#isKeeping = true
    await this.#attempt(() => this.#options.segments.begin(after))
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
async function present(log: EventLog, batch: readonly Kept[]): Promise<readonly RecordedEvent[]> {
  const isComplete = !batch.some((kept) => 'withheld' in kept)
  if (isComplete) return batch.flatMap((kept) => ('withheld' in kept ? [] : [kept]))
  const found: RecordedEvent[] = []
  for (let begin = 0; begin < batch.length; begin += askedAtOnce) {
    const some = batch
      .slice(begin, begin + askedAtOnce)
      .map((kept) => ('withheld' in kept ? withheld(log, kept) : kept))
    for (const event of await Promise.all(some)) if (event !== undefined) found.push(event)
  }
  return found
}

async function withheld(log: EventLog, { position }: Withheld): Promise<RecordedEvent | undefined> {
  for await (const event of log.readAll({ from: position, limit: 1 })) {
    return event.position === position ? event : undefined
  }
  return undefined
}

const later = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  (a ?? -1n) < (b ?? -1n) ? b : a
