import { involved, type Note, noteIn, notesStream, type Origin } from '@reckon/domain'
import { type KubernetesObject, secondsOf } from '@reckon/kubernetes'
import { recordNote } from './record-note.ts'
import type { WritePorts } from './write-ports.ts'

/** How many of the newest notes are searched. */
const newestMax = 50
/** The most notes of one component within an hour: the component may be a node. */
const recentMax = 20
const hourMs = 60 * 60 * 1000

/** The text of a note; `type` is Warning by default. */
type NoteText = { type?: 'Normal' | 'Warning'; reason: string; message: string; component: string }

/**
 * Records a note about an object in the name of a component, unless the same one, or too many, are among the newest.
 * What persists is counted once an hour, and recorded again at counts 2, 4, 8…
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
  if (recent.length >= recentMax) return
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
