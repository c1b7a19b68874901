import type { Objects } from '@reckon/domain'
import {
  type Clock,
  type EventLog,
  isOfThisLog,
  type KeptSnapshot,
  type RecordedEvent,
  type SegmentStore,
  type SnapshotStore,
  snapshotPosition,
} from '@reckon/eventing'
import { yieldEvery } from './yield-every.ts'

/** What this machine has stored of the past. Without any of it, the past is folded from the log alone. */
type PastSources = {
  snapshots?: { store: SnapshotStore; name: string }
  segments?: SegmentStore
}

/** What to fold: the streams with these name prefixes, up to a position. */
export type PastStreams = {
  prefixes: readonly string[]
  position: bigint
  /** Start at this position or earlier; absent: as late as possible. */
  beginBy?: bigint
}

export type Sources = PastSources & { log: EventLog; clock: Clock }

/** After this many records or events, check whether anybody still waits: one read brings some thousands at once. */
const turnItems = 100

/** So many events come from the log sooner than from the middle of a segment. */
const closeEvents = 1000

/**
 * Fills an empty view with the objects of these streams (and maybe more), from the nearest earlier snapshot and the
 * events since. Only what concerns these streams is parsed. Yields to other work now and then; throws once the signal
 * aborts.
 */
export async function foldPast(
  objects: Objects,
  sources: Sources,
  { streams, signal }: { streams: PastStreams; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted()
  const turn = yieldEvery({ clock: sources.clock, signal, items: turnItems })
  const { prefixes, position, beginBy = position } = streams
  await using snapshot = await snapshotBefore(sources, beginBy)
  for (const prefix of prefixes) {
    for await (const [, record] of snapshot?.records(`"${prefix}`) ?? []) {
      objects.restore(record)
      await turn()
    }
  }
  const after = snapshot && snapshotPosition(snapshot)
  const isWanted = (stream: string) => prefixes.some((prefix) => stream.startsWith(prefix))
  for await (const event of eventsBetween(sources, { after, upTo: position, isWanted })) {
    objects.apply(event)
    await turn()
  }
}

/** The nearest snapshot that belongs to this log. */
export async function snapshotBefore(
  { log, snapshots }: Sources,
  position: bigint,
): Promise<KeptSnapshot | undefined> {
  if (snapshots === undefined) return undefined
  for (let before = position; ; ) {
    const found = await snapshots.store.loadAt(snapshots.name, before)
    if (found === undefined || (await isOfThisLog(log, found.witnesses))) return found
    await found[Symbol.asyncDispose]()
    before = snapshotPosition(found) - 1n
  }
}

type Between = { after: bigint | undefined; upTo: bigint; isWanted(stream: string): boolean }

/**
 * What follows a snapshot closely from the log, for a segment is read from its beginning; then from the segments as far
 * as they go, else from the log.
 */
export async function* eventsBetween(
  { log, segments }: Sources,
  { after, upTo, isWanted }: Between,
): AsyncGenerator<RecordedEvent> {
  if (after !== undefined && after >= upTo) return
  let reached = after
  for await (const event of after === undefined ? [] : log.readAll({ after, limit: closeEvents })) {
    if (event.position > upTo) return
    if (isWanted(event.stream)) yield event
    reached = event.position
    if (reached === upTo) return
  }
  for await (const batch of segments?.read({ after: reached, isWanted }) ?? []) {
    for (const kept of batch.kept) {
      if (kept.position > upTo) return
      if (!('withheld' in kept)) yield kept
    }
    if (batch.upTo >= upTo) return
    // They may end before what is reached.
    if (reached === undefined || batch.upTo > reached) reached = batch.upTo
  }
  for await (const event of log.readAll({ after: reached })) {
    if (event.position > upTo) return
    if (isWanted(event.stream)) yield event
    if (event.position === upTo) return
  }
}
