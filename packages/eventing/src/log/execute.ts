import { isRefusal, StatusError } from '@reckon/kubernetes'
import { attempt } from '../attempt.ts'
import type { Ids } from '../ids.ts'
import { appendSurely } from './append-surely.ts'
import type { NewEvent, RecordedEvent } from './event.ts'
import type { EventLog } from './event-log.ts'
import { type Fold, type Folded, readFolded } from './fold.ts'

/** An event to append. Its id is drawn, unless it follows from what the event reports. */
export type Draft = Omit<NewEvent, 'id'> & { id?: string }

/** What is to be done with a stream. */
export type Command<State> = {
  /** The stream as far as the caller knows it, maybe behind; undefined: that there is no such stream. */
  known: Folded<State> | undefined
  fold: Fold<State>
  /** The event to append, undefined where nothing is left to do. `revision` is the one at which it will stand. */
  decide(state: State, revision: bigint): Draft | undefined
  /** Reads the stream's end, from what is known on; by default as readFolded does. */
  read?(known: Folded<State> | undefined): Promise<Folded<State> | undefined>
}

/** The outcome: the stream's state, and the event that was recorded if there was something to decide. */
export type Executed<State> = Folded<State> & { event: RecordedEvent | undefined }

const triesMax = 8

/**
 * Where a decider meets the log. Decides on what the caller knows and appends one event with that expected revision,
 * which guards it: after a lost race it reads, backwards to the last whole event, and decides again. What appends
 * nothing is guarded by nothing: that there is nothing to do, and a refusal, stand only where they were decided on the
 * stream's end, read after this call began.
 *
 * Throws what `decide` refuses, `Conflict` after eight lost races, `ServiceUnavailable` when surely nothing was
 * recorded, `Timeout` when that is unknown also after asking a second time with the same id.
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
