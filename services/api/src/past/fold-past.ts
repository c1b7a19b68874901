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
import { inTurns } from './in-turns.ts'

/** What this machine has of the past; without any of it the past is folded from the log alone. */
type PastSources = {
  snapshots?: { store: SnapshotStore; name: string }
  segments?: SegmentStore
}

/** What of the past is folded: the streams whose names begin so, up to a position. */
export type PastStreams = {
  prefixes: readonly string[]
  position: bigint
  /** Begins no later than there; absent: as late as it can. */
  beginBy?: bigint
}

export type Sources = PastSources & { log: EventLog; clock: Clock }

/** After so many records or events it is looked whether anybody still waits: reading brings some thousands at once. */
const turnItems = 100

/**
 * Makes of a view without objects one that has those of these streams, and maybe some more: from the nearest snapshot
 * before, and what came after. Of both only what is about them is parsed. In turns; throws once the signal aborts.
 */
export async function foldPast(
  objects: Objects,
  sources: Sources,
  { streams, signal }: { streams: PastStreams; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted()
  const turn = inTurns({ clock: sources.clock, signal, items: turnItems })
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

/** The nearest snapshot of this log. */
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

/** From the segments as far as they go, else from the log. */
async function* eventsBetween(
  { log, segments }: Sources,
  { after, upTo, isWanted }: Between,
): AsyncGenerator<RecordedEvent> {
  let reached = after
  for await (const batch of segments?.read({ after, isWanted }) ?? []) {
    for (const kept of batch.kept) {
      if (kept.position > upTo) return
      if (!('withheld' in kept)) yield kept
    }
    reached = batch.upTo
    if (reached >= upTo) return
  }
  for await (const event of log.readAll({ after: reached })) {
    if (event.position > upTo) return
    if (isWanted(event.stream)) yield event
    if (event.position === upTo) return
  }
}
