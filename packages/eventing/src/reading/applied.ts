import { isSystemEvent, type RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Logger } from '../logger.ts'
import {
  isOfThisLog,
  type Snapshot,
  type SnapshotRecord,
  type SnapshotStore,
  witnessOf,
} from '../snapshots.ts'
import type { KeptLog } from './kept-log.ts'
import type { Projection } from './projection.ts'

export type SnapshotOptions = {
  store: SnapshotStore
  /**
   * Under which the snapshot is kept. Name the version of the projections' form in it: another name, another rebuild.
   */
  name: string
  /** After how many events the next one is taken. */
  everyEvents?: number
}

type AppliedOptions = {
  snapshots: SnapshotOptions | undefined
  kept: KeptLog | undefined
  logger: Logger
}

const everyEventsDefault = 50_000
/**
 * While the views catch up with the log, snapshots are this many times rarer: they would cost a good part of the time.
 */
const rarerWhileBehind = 10
const witnessesMax = 16

/**
 * Projections that go through the log together: each event is applied to all of them once, in order, and the position
 * moves when all have it. Snapshots are taken of all at once.
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
    this.#sinceSnapshot++
    // The store's own events change no view, so that a snapshot may stand before them.
    if (this.#snapshots === undefined || isSystemEvent(event)) return
    this.#recent.unshift(event)
    if (this.#recent.length > witnessesMax) this.#recent.pop()
    if (this.#isSnapshotDue()) void this.save()
  }

  /** Calls the listener after each event that all projections have applied; returns how to end it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The views have reached the head of the log. */
  reachedHead(): void {
    this.#isLive = true
    if (this.#snapshots !== undefined && this.#isSnapshotDue()) void this.save()
  }

  /** Starts from the snapshot if it is one of this log. Throws when the log cannot be asked. */
  async restore(log: EventLog): Promise<void> {
    if (this.position === undefined) await this.#restoreSnapshot(log)
    await this.#kept?.open(log, this.position)
  }

  /** What is not applied yet: from what is kept of the log on this machine, as far as it goes, and from the log. */
  missing(log: EventLog): AsyncIterable<RecordedEvent> {
    const after = this.position
    return this.#kept?.read(log, after) ?? log.readAll({ after })
  }

  /** Resolves at once, or when what is kept on this machine is not far behind. */
  async keptUp(): Promise<void> {
    await this.#kept?.keptUp()
  }

  async #restoreSnapshot(log: EventLog): Promise<void> {
    if (this.#snapshots === undefined) return
    const { store, name } = this.#snapshots
    await using snapshot = await store.load(name)
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

  /** Takes a snapshot. One at a time; losing one means no more than a longer start. */
  async save(): Promise<void> {
    const [newest] = this.#recent
    if (this.#snapshots === undefined || this.#saving !== undefined) return this.#saving
    if (this.#sinceSnapshot === 0 || newest === undefined) return
    const { store, name } = this.#snapshots
    const snapshot: Snapshot = {
      witnesses: this.#recent.map(witnessOf),
      projections: this.#projections.length,
      records: recordsOf(this.#projections),
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

  /** Takes a last snapshot. */
  async close(): Promise<void> {
    await this.#saving
    await this.save()
    await this.#kept?.close()
  }
}

/** Each projection's records, as of this call. */
function recordsOf(projections: readonly Projection[]): Iterable<SnapshotRecord> {
  const all = projections.map((projection) => projection.snapshot?.() ?? [])
  return all
    .values()
    .flatMap((records, index) =>
      Iterator.from(records).map(
        (record): SnapshotRecord =>
          projections[index]?.isPassing?.(record) ? [index, record, 'Passing'] : [index, record],
      ),
    )
}
