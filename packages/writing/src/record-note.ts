import { metadataOf, type Note, notesStream, type Origin } from '@reckon/domain'
import { isOutage } from '@reckon/eventing'
import type { WritePorts } from './write-ports.ts'

/** `NoteRecorded` among the notes about the object. One that the store does not take now is told with the next count. */
export async function recordNote(
  { log, clock, ids }: Pick<WritePorts, 'log' | 'clock' | 'ids'>,
  note: Note,
  origin: Origin,
): Promise<void> {
  const id = ids.next()
  const metadata = metadataOf(origin, id, clock.now())
  const event = { id, type: 'NoteRecorded', data: note, metadata }
  try {
    await log.append(notesStream(note.involvedObject.uid), 'Any', [event])
  } catch (error) {
    if (!isOutage(error)) throw error
  }
}
