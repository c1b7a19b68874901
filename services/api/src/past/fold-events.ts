import { ComputedEvents, notesStream, type Objects, streamsOf } from '@reckon/domain'
import { type EventLog, isSystemEvent, type LogSpan, snapshotPosition } from '@reckon/eventing'
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
import { type ObjectsView, ShownObjects } from '../history/shown-objects.ts'
import { foldPast, type Sources, snapshotBefore } from './fold-past.ts'

/** The kinds whose changes tell something as Events (`factsOf`), and the Events that clients write. */
const told: readonly Resource[] = [events, pods, nodes, replicaSets, podDisruptionBudgets, jobs]

/** What the log tells is shown for so long. */
const shownMs = 3_600_000

type EventsQuery = { namespace: string | undefined; position: bigint; signal: AbortSignal }

/** The Events of a position, of one namespace if given: those of the hour before it are computed again. */
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

/** The newest position with a snapshot that lies a whole hour before, else the log's beginning. */
async function beforeHour(sources: Sources, position: bigint): Promise<bigint> {
  const { log } = sources
  const untilMs = (await timeIn(log, { from: position })) - shownMs
  for (let before = position; ; ) {
    await using snapshot = await snapshotBefore(sources, before)
    if (snapshot === undefined) return 0n
    const at = snapshotPosition(snapshot)
    if ((await timeIn(log, { after: at })) <= untilMs) return at
    before = at - 1n
  }
}

/** When the first event of a span was recorded that tells it. */
async function timeIn(log: EventLog, span: LogSpan): Promise<number> {
  for await (const event of log.readAll(span)) {
    if (!isSystemEvent(event) && event.metadata) return Date.parse(event.metadata.time)
  }
  return 0
}
