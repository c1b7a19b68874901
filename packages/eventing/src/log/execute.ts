import { isRefusal, StatusError } from '@reckon/kubernetes'
import { attempt } from '../attempt.ts'
import type { Ids } from '../ids.ts'
import { appendSurely } from './append-surely.ts'
import type { NewEvent, RecordedEvent } from './event.ts'
import type { EventLog } from './event-log.ts'
import { type Fold, type Folded, readFolded } from './fold.ts'

/** An event to append. Its id is drawn at random unless given: ids of reports follow from their content. */
export type Draft = Omit<NewEvent, 'id'> & { id?: string }

/** A command to a stream. */
export type Command<State> = {
  /** The stream as the caller knows it, which may be outdated; undefined where the caller knows of no such stream. */
  known: Folded<State> | undefined
  fold: Fold<State>
  /** The event to append; undefined where nothing is left to do. `revision` is the one that it will have. */
  decide(state: State, revision: bigint): Draft | undefined
  /** Reads the stream's newest state, given what is known; by default with `readFolded`. */
  read?(known: Folded<State> | undefined): Promise<Folded<State> | undefined>
}

/** The stream's state afterwards, and the event that was recorded, if any. */
export type Executed<State> = Folded<State> & { event: RecordedEvent | undefined }

const triesMax = 8

/**
 * Where a decider meets the log. Decides on what the caller knows and appends one event, guarded by the expected
 * revision; after a lost race it reads the stream, backwards to the last event with the whole state, and decides again.
 * Without an append nothing guards the decision: a refusal, or that there is nothing to do, is returned only if it was
 * decided on the end of the stream, read after this call began.
 *
 * Throws what `decide` refuses; `Conflict` after eight lost races; `ServiceUnavailable` when certainly nothing was
 * recorded; `Timeout` when that is unknown even after a second attempt with the same id.
 */
export async function execute<State>(
  ports: { log: EventLog; ids: Ids },
  stream: string,
  command: Command<State>,
): Promise<Executed<State>> {
  const { fold, read = (known) => readFolded(ports.log, stream, fold, { known }) } = command
  let known = command.known
  let isNewest = false
  for (let tries = 0; tries < triesMax; tries++) {
    const { state, revision } = known ?? { state: fold.initial, revision: -1n }
    const { draft, refusal } = decided(stream, () => command.decide(state, revision + 1n))
    if (draft === undefined) {
      const newest = isNewest ? known : await read(known)
      isNewest = true
      if ((newest?.revision ?? -1n) !== revision) {
        known = newest
        continue
      }
      if (refusal !== undefined) throw refusal
      return { state, revision, event: undefined }
    }
    const proposed = { ...draft, id: draft.id ?? ports.ids.next() }
    const appended = await appendSurely(ports.log, stream, { after: revision, events: [proposed] })
    if (appended.recorded) {
      const { revision, position } = appended
      const event: RecordedEvent = { ...proposed, stream, revision, position }
      return { state: fold.evolve(state, event), revision, event }
    }
    known = await read(known)
    isNewest = true
  }
  throw new StatusError('Conflict', `stream "${stream}" is being changed by too many at once`)
}

type Decided = { draft?: Draft | undefined; refusal?: StatusError }

function decided(stream: string, decide: () => Draft | undefined): Decided {
  try {
    return { draft: attempt(stream, decide) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { refusal: error }
  }
}
