import { isRefusal, StatusError } from '@reckon/kubernetes'
import { attempt } from './attempt.ts'
import type { NewEvent, RecordedEvent } from './event.ts'
import type { Appended, EventLog, Expected } from './event-log.ts'
import type { Ids } from './ids.ts'

/** A stream folded up to a revision. */
export type Folded<State> = { state: State; revision: bigint }

/** How one stream's events make its state. */
export type Fold<State> = {
  /** The state of a stream without events. */
  initial: State
  evolve(state: State, event: RecordedEvent): State
  /** Whether nothing before this event matters: it carries the whole state, or ends it. */
  isWhole(event: RecordedEvent): boolean
}

/** An event to append. Its id is drawn, unless it follows from what the event reports. */
export type Draft = Omit<NewEvent, 'id'> & { id?: string }

/** The outcome: the stream's state, and the event that was recorded if there was something to decide. */
export type Executed<State> = Folded<State> & { event: RecordedEvent | undefined }

const triesMax = 8
const pageSize = 64

/**
 * Where a decider meets the log. Decides on what the caller knows (`known`; undefined: that there is no such stream) and
 * appends one event with that expected revision. Only after a lost race it reads, backwards to the last whole event, and
 * decides again. `decide` answers undefined where nothing is left to do; its refusals go to the caller.
 *
 * Throws `Conflict` after eight lost races, `ServiceUnavailable` when surely nothing was recorded, `Timeout` when that
 * is unknown also after asking a second time with the same id, `KeyFailure` where `decide` has a bug.
 */
export async function execute<State>(
  ports: { log: EventLog; ids: Ids },
  stream: string,
  command: {
    known: Folded<State> | undefined
    fold: Fold<State>
    /** `revision` is the one at which the event will stand. */
    decide(state: State, revision: bigint): Draft | undefined
  },
): Promise<Executed<State>> {
  const { fold } = command
  let known = command.known
  for (let tries = 0; tries < triesMax; tries++) {
    const state = known === undefined ? fold.initial : known.state
    const revision = (known?.revision ?? -1n) + 1n
    const draft = attempt(stream, () => command.decide(state, revision))
    if (draft === undefined) return { state, revision: revision - 1n, event: undefined }
    const proposed = { ...draft, id: draft.id ?? ports.ids.next() }
    const appended = await appendSurely(ports.log, stream, known?.revision ?? 'NoStream', proposed)
    if (appended.recorded) {
      const { position } = appended
      const event: RecordedEvent = { ...proposed, stream, revision: appended.revision, position }
      return { state: fold.evolve(state, event), revision: appended.revision, event }
    }
    known = await readFolded(ports.log, stream, fold, known)
  }
  throw new StatusError('Conflict', `stream "${stream}" is being changed by too many at once`)
}

/**
 * Reads a stream's state, backwards to the last whole event or to what is known already; undefined where there is no
 * event.
 */
export async function readFolded<State>(
  log: EventLog,
  stream: string,
  fold: Fold<State>,
  known?: Folded<State>,
): Promise<Folded<State> | undefined> {
  const events: RecordedEvent[] = []
  const followsKnown = (event: RecordedEvent): boolean => event.revision - 1n === known?.revision
  const isComplete = (): boolean => {
    const oldest = events.at(-1)
    if (oldest === undefined) return false
    return oldest.revision === 0n || followsKnown(oldest) || fold.isWhole(oldest)
  }
  // The newest event is often whole by itself: a deletion, or a creation.
  for (let limit = 1; ; limit = pageSize) {
    const oldest = events.at(-1)
    const from = oldest === undefined ? {} : { from: oldest.revision - 1n }
    let count = 0
    for await (const event of log.readStream(stream, { direction: 'backwards', limit, ...from })) {
      count++
      events.push(event)
      if (isComplete()) break
    }
    if (isComplete() || count < limit) break
  }
  const [newest, oldest] = [events[0], events.at(-1)]
  if (newest === undefined || oldest === undefined) return undefined
  const begin = known !== undefined && followsKnown(oldest) ? known.state : fold.initial
  return { state: events.reduceRight(fold.evolve, begin), revision: newest.revision }
}

/** Appends; asks again with the same id when the outcome is unknown, for the log records it once. */
async function appendSurely(
  log: EventLog,
  stream: string,
  expected: Expected,
  event: NewEvent,
): Promise<Appended> {
  try {
    return await log.append(stream, expected, [event])
  } catch (unknown) {
    if (!isRefusal(unknown, 'Timeout')) throw unknown
    try {
      return await log.append(stream, expected, [event])
    } catch (error) {
      // That the second was surely not sent says nothing about the first.
      throw isRefusal(error, 'ServiceUnavailable') ? unknown : error
    }
  }
}
