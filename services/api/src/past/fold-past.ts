import { type Objects, savedParts } from '@reckon/domain'
import {
  type Clock,
  type EventLog,
  isOfThisLog,
  type KeptSnapshot,
  type RecordedEvent,
  type RecordTexts,
  type SegmentStore,
  type SnapshotStore,
  snapshotPosition,
} from '@reckon/eventing'
import { begun } from './begun.ts'
import { hasAt } from './find-bytes.ts'
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
const turnItems = 60

/** So many events are asked of the log first: those that are not in a segment yet are few. */
const newestEvents = 500

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
  await using told = await toldOf(sources, { prefixes, beginBy, position, signal })
  for (const prefix of prefixes) {
    for (const { bytes, begin, end } of recordsOf(told.texts, prefix)) {
      objects.restore(JSON.parse(bytes.toString('utf8', begin, end)))
      await turn()
    }
  }
  for await (const event of told.events) {
    objects.apply(event)
    await turn()
  }
}

/** What is told about some streams up to a position: by a snapshot, maybe with others, and by the events since. */
type Told = AsyncDisposable & {
  texts: readonly RecordTexts[]
  events: AsyncIterable<RecordedEvent>
}

/** From the nearest snapshot of this log that is whole, at `beginBy` or before. The events are being read meanwhile. */
export async function toldOf(
  sources: Sources,
  { prefixes, position, beginBy = position, signal }: PastStreams & { signal: AbortSignal },
): Promise<Told> {
  const { log, snapshots } = sources
  const isWanted = (stream: string) => prefixes.some((prefix) => stream.startsWith(prefix))
  for (let before = beginBy; ; ) {
    await using snapshot = await snapshots?.store.loadAt(snapshots.name, before)
    const after = snapshot && snapshotPosition(snapshot)
    const events = begun(eventsBetween(sources, { after, upTo: position, isWanted }))
    const told = { events, [Symbol.asyncDispose]: events[Symbol.asyncDispose] }
    if (snapshot === undefined || after === undefined) return { texts: [], ...told }
    const texts = await textsOfLog(log, snapshot, { prefixes, signal }).catch(async (error) => {
      await events[Symbol.asyncDispose]()
      throw error
    })
    if (texts !== undefined) return { texts, ...told }
    await events[Symbol.asyncDispose]()
    before = after - 1n
  }
}

/** Undefined where the snapshot is of another log, or damaged. */
async function textsOfLog(
  log: EventLog,
  snapshot: KeptSnapshot,
  { prefixes, signal }: { prefixes: readonly string[]; signal: AbortSignal },
): Promise<readonly RecordTexts[] | undefined> {
  const [texts, isOfLog] = await Promise.all([
    snapshot.texts(prefixes, signal),
    isOfThisLog(log, snapshot.witnesses),
  ])
  return isOfLog ? texts : undefined
}

/** Those of some records that are about streams with a prefix. */
export function* recordsOf(
  texts: readonly RecordTexts[],
  prefix: string,
): Generator<{ bytes: Buffer<ArrayBuffer>; begin: number; end: number }> {
  const opening = Buffer.from(`${savedParts.beforeStream}${prefix}`)
  for (const { bytes, begins, ends } of texts) {
    for (const [index, begin] of begins.entries()) {
      if (!hasAt(bytes, begin, opening)) continue
      yield { bytes, begin, end: ends[index] ?? begin }
    }
  }
}

type Between = { after: bigint | undefined; upTo: bigint; isWanted(stream: string): boolean }

/** From the segments as far as they go, then from the log. */
export async function* eventsBetween(
  { log, segments }: Sources,
  { after, upTo, isWanted }: Between,
): AsyncGenerator<RecordedEvent> {
  if (after !== undefined && after >= upTo) return
  let reached = after
  for await (const batch of segments?.read({ after, upTo, isWanted }) ?? []) {
    for (const kept of batch.kept) {
      if (kept.position > upTo) return
      if (!('withheld' in kept)) yield kept
    }
    if (batch.upTo >= upTo) return
    // They may end before what is reached.
    if (reached === undefined || batch.upTo > reached) reached = batch.upTo
  }
  for (const limit of [newestEvents, Number.MAX_SAFE_INTEGER]) {
    for await (const event of log.readAll({ after: reached, limit })) {
      if (event.position > upTo) return
      if (isWanted(event.stream)) yield event
      reached = event.position
      if (reached === upTo) return
    }
  }
}
