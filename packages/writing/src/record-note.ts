import {
  involved,
  metadataOf,
  type Note,
  noteRecorded,
  notesStream,
  type Origin,
  type StoredObject,
} from '@reckon/domain'
import { isNoteDue, isOutage } from '@reckon/eventing'
import { secondsOf } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

type NotePorts = Pick<WritePorts, 'log' | 'clock' | 'ids'>

/** Records `NoteRecorded` about the object. If the store is away, the note is recorded with its next count. */
export async function recordNote(
  { log, clock, ids }: NotePorts,
  note: Note,
  origin: Origin,
): Promise<void> {
  const id = ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  const event = { id, type: noteRecorded, data: note, metadata }
  try {
    await log.append(notesStream(note.involvedObject.uid), 'Any', [event])
  } catch (error) {
    if (!isOutage(error)) throw error
  }
}

/**
 * A failed attempt: `reason` is Kubernetes' (`FailedScheduling`), and `doing` follows "an internal error keeps it
 * from".
 */
export type FailedAttempt = {
  component: string
  reason: string
  doing: string
  /** The number of failures, and since when. */
  failing: { count: number; firstAtMs: number }
  origin: Origin
}

/**
 * Records on an object, when due, that a bug of ours prevents something. The details are only in the log of the
 * process.
 */
export async function noteFailure(
  ports: NotePorts,
  { object }: StoredObject,
  { component, reason, doing, failing, origin }: FailedAttempt,
): Promise<void> {
  if (!isNoteDue(failing.count)) return
  const note: Note = {
    involvedObject: involved(object),
    type: 'Warning',
    reason,
    message: `an internal error keeps the ${component} from ${doing}; it is logged and tried again`,
    source: { component },
    count: failing.count,
    firstTimestamp: secondsOf(failing.firstAtMs),
    lastTimestamp: secondsOf(ports.clock.now()),
  }
  await recordNote(ports, note, origin)
}
