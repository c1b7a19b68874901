import { isSystemEvent, type RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Logger } from '../logger.ts'
import { isOfThisLog, type Snapshot, type SnapshotStore, witnessOf } from '../snapshots.ts'
import type { KeptLog } from './kept-log.ts'
import type { Projection } from './projection.ts'
import { snapshotRecords } from './snapshot-records.ts'

export type SnapshotOptions = {
  store: SnapshotStore
  /** The name of the snapshots. It contains the version of the projections' format: another name means a rebuild. */
  name: string
  /** The number of events between two snapshots. */
  everyEvents?: number
}

type AppliedOptions = {
  snapshots: SnapshotOptions | undefined
  kept: KeptLog | undefined
  logger: Logger
}

const everyEventsDefault = 50_000
/**
 * Snapshots are rarer by this factor while the views catch up with the log, because they would cost a good part of the
 * time.
 */
const rarerWhileBehind = 10
const witnessesMax = 16

/**
 * Applies each event once, in order, to all projections; the position moves when all have applied it. A snapshot covers
 * all of them.
 */
export class Applied {
  position: bigint | undefined
  readonly #projections: readonly Projection[]
  readonly #snapshots: SnapshotOptions | undefined
  readonly #kept: KeptLog | undefined
  readonly #logger: Logger
  readonly #listeners = new Set<(event: RecordedEvent) => void>()
  /** Newest first. */
  #recent: RecordedEvent[] = []
  #sinceSnapshot = 0
  #isLive = false
  #saving: Promise<void> | undefined

  constructor(projections: readonly Projection[], { snapshots, kept, logger }: AppliedOptions) {
    const areRestorable = projections.every((each) => each.snapshot && each.restore)
    this.#projections = projections
    this.#snapshots = areRestorable ? snapshots : undefined
    this.#kept = kept
    this.#logger = logger
  }

  apply(event: RecordedEvent): void {
    for (const projection of this.#projections) projection.apply(event)
    this.position = event.position
    this.#kept?.add(event)
    for (const listener of this.#listeners) listener(event)
    // A snapshot would lack what is left out until then.
    if (this.isPartial) return
    this.#sinceSnapshot++
    // The store's own events change no view, so no snapshot is due at them.
    if (this.#snapshots === undefined || isSystemEvent(event)) return
    this.#recent.unshift(event)
    if (this.#recent.length > witnessesMax) this.#recent.pop()
    if (this.#isSnapshotDue()) void this.save()
  }

  /** Whether something was left out that a later event will supersede. */
  get isPartial(): boolean {
    return this.position !== undefined && this.#kept?.isPartialAt(this.position) === true
  }

  /** Calls the listener after each event that all projections have applied; returns the function that ends it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** To be called when the views have reached the head of the log. */
  reachedHead(): void {
    this.#isLive = true
    if (this.#snapshots !== undefined && this.#isSnapshotDue()) void this.save()
  }

  /** Restores the snapshot if it belongs to this log. Throws where the log cannot be read. */
  async restore(log: EventLog): Promise<void> {
    if (this.position === undefined) await this.#restoreSnapshot(log)
    await this.#kept?.open(log, this.position)
  }

  /** The events that are not applied yet: from the segments on this machine as far as they go, then from the log. */
  missing(log: EventLog): AsyncIterable<RecordedEvent> {
    const after = this.position
    return this.#kept?.read(log, after) ?? log.readAll({ after })
  }

  /** Resolves at once unless writing segments has fallen far behind; then when it has caught up. */
  async keptUp(): Promise<void> {
    await this.#kept?.keptUp()
  }

  async #restoreSnapshot(log: EventLog): Promise<void> {
    if (this.#snapshots === undefined) return
    const { store, name } = this.#snapshots
    const loaded = await store.load(name)
    if (loaded === 'Damaged') {
      this.#logger.warn({ name }, 'the snapshot is not as it was written; the views are rebuilt')
      return
    }
    await using snapshot = loaded
    const newest = snapshot?.witnesses[0]
    if (snapshot === undefined || newest === undefined) return
    const fits = snapshot.projections === this.#projections.length
    if (!fits || !(await isOfThisLog(log, snapshot.witnesses))) {
      this.#logger.warn({ name, newest }, 'the snapshot is not of this log; the views are rebuilt')
      return
    }
    for await (const [index, record] of snapshot.records()) {
      this.#projections[index]?.restore?.(record)
    }
    this.position = BigInt(newest.position)
    this.#logger.info({ name, position: newest.position }, 'the views start from a snapshot')
  }

  /** Takes a snapshot, one at a time. A failure only makes the next start longer. */
  async save(): Promise<void> {
    const [newest] = this.#recent
    if (this.#snapshots === undefined || this.#saving !== undefined) return this.#saving
    if (this.#sinceSnapshot === 0 || newest === undefined || this.isPartial) return
    const { store, name } = this.#snapshots
    const snapshot: Snapshot = {
      witnesses: this.#recent.map(witnessOf),
      projections: this.#projections.length,
      records: snapshotRecords(this.#projections),
    }
    this.#sinceSnapshot = 0
    this.#saving = store.save(name, snapshot).catch((error) => {
      this.#logger.warn({ name, error: error.message }, 'the snapshot could not be kept')
    })
    await this.#saving
    this.#saving = undefined
  }

  #isSnapshotDue(): boolean {
    const { everyEvents = everyEventsDefault } = this.#snapshots ?? {}
    return this.#sinceSnapshot >= everyEvents * (this.#isLive ? 1 : rarerWhileBehind)
  }

  async close(): Promise<void> {
    await this.#saving
    await this.save()
    await this.#kept?.close()
  }
}
