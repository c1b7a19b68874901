import { ComputedEvents, notesStream, type Objects, streamsOf } from '@reckon/domain'
import { type EventLog, type LogSpan, snapshotPosition } from '@reckon/eventing'
import {
  events,
  jobs,
  nodes,
  podDisruptionBudgets,
  pods,
  type Resource,
  ResourceTable,
  replicaSets,
} from '@reckon/kubernetes'
import { firstTimed } from '../history/recorded-time.ts'
import { type ObjectsView, ShownObjects } from '../history/shown-objects.ts'
import { foldPast, type Sources } from './fold-past.ts'

/** The kinds whose changes are shown as Events (`factsOf`), and the Events that clients write. */
const told: readonly Resource[] = [events, pods, nodes, replicaSets, podDisruptionBudgets, jobs]

/** How long an Event that follows from the log is shown. */
const shownMs = 3_600_000

type EventsQuery = { namespace: string | undefined; position: bigint; signal: AbortSignal }

/** The Events as of a position, of one namespace if given: those of the preceding hour are computed again. */
export async function foldEvents(
  objects: Objects,
  sources: Sources,
  { namespace, position, signal }: EventsQuery,
): Promise<Pick<ObjectsView, 'scan'>> {
  const folded = objects.beginning(new ResourceTable(told))
  const view = new ShownObjects(folded, new ComputedEvents(folded))
  const streamsIn = (resource: Resource) =>
    streamsOf(resource, resource.namespaced ? namespace : undefined)
  const prefixes = [...told.map(streamsIn), notesStream('')]
  const beginBy = await beforeHour(sources, position)
  await foldPast(folded, sources, { streams: { prefixes, position, beginBy }, signal })
  return view
}

/** The newest snapshot that is at least an hour older than the position, else the log's beginning. */
async function beforeHour({ log, snapshots }: Sources, position: bigint): Promise<bigint> {
  const untilMs = (await timeIn(log, { from: position })) - shownMs
  for (let before = position; ; ) {
    await using snapshot = await snapshots?.store.loadAt(snapshots.name, before)
    if (snapshot === undefined) return 0n
    const at = snapshotPosition(snapshot)
    if ((await timeIn(log, { after: at })) <= untilMs) return at
    before = at - 1n
  }
}

/** The time of the first event in a span that carries one. */
const timeIn = async (log: EventLog, span: LogSpan): Promise<number> =>
  (await firstTimed(log, span))?.timeMs ?? 0
