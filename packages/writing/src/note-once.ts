import { involved, type Note, noteIn, notesStream, type Origin } from '@reckon/domain'
import { type KubernetesObject, secondsOf } from '@reckon/kubernetes'
import { recordNote } from './record-note.ts'
import type { WritePorts } from './write-ports.ts'

/** So many of the newest notes are looked through. */
const newestMax = 50
/** So many of one component are told within an hour: who tells may be a node. */
const tellingsMax = 20
const hourMs = 60 * 60 * 1000

/** What is said; `type` is Warning where nothing else is. */
type NoteText = { type?: 'Normal' | 'Warning'; reason: string; message: string; component: string }

/**
 * Notes something about an object in the name of a component, unless the same, or too much, is among the newest notes.
 * What is said hours later still is counted once an hour, and noted again at counts 2, 4, 8 …
 */
export async function noteOnce(
  ports: Pick<WritePorts, 'log' | 'clock' | 'ids'>,
  object: KubernetesObject,
  { type = 'Warning', reason, message, component }: NoteText,
  origin: Origin,
): Promise<void> {
  const stream = notesStream(object.metadata.uid ?? '')
  const newest = { direction: 'backwards', limit: newestMax } as const
  const recorded = await Array.fromAsync(ports.log.readStream(stream, newest), noteIn)
  const own = recorded.filter(({ source }) => source.component === component)
  const nowMs = ports.clock.now()
  const hoursSince = (time: string) => Math.floor((nowMs - Date.parse(time)) / hourMs)
  const recent = own.filter((note) => hoursSince(note.lastTimestamp) < 1)
  if (recent.length >= tellingsMax) return
  const said = own.find((note) => note.reason === reason && note.message === message)
  if (said !== undefined && hoursSince(said.lastTimestamp) < said.count) return
  const now = secondsOf(nowMs)
  const note: Note = {
    involvedObject: involved(object),
    type,
    reason,
    message,
    source: { component },
    count: said === undefined ? 1 : 2 * said.count,
    firstTimestamp: said?.firstTimestamp ?? now,
    lastTimestamp: now,
  }
  await recordNote(ports, note, origin)
}
