import { involved, type Note, noteIn, notesStream, type Origin } from '@reckon/domain'
import { type KubernetesObject, secondsOf } from '@reckon/kubernetes'
import { recordNote } from './record-note.ts'
import type { WritePorts } from './write-ports.ts'

/** So many of the newest notes are looked through. */
const newestMax = 50
/** So many different ones of one component are told: who tells may be a node. */
const tellingsMax = 20

type Telling = { type?: 'Normal' | 'Warning'; reason: string; message: string; component: string }

/** Notes something about an object in the name of a component, unless the same, or too much, is among the newest notes. */
export async function noteOnce(
  ports: Pick<WritePorts, 'log' | 'clock' | 'ids'>,
  object: KubernetesObject,
  { type = 'Warning', reason, message, component }: Telling,
  origin: Origin,
): Promise<void> {
  const stream = notesStream(object.metadata.uid ?? '')
  const newest = { direction: 'backwards', limit: newestMax } as const
  const recorded = await Array.fromAsync(ports.log.readStream(stream, newest), noteIn)
  const own = recorded.filter(({ source }) => source.component === component)
  const isSaid = own.some((note) => note.reason === reason && note.message === message)
  if (isSaid || own.length >= tellingsMax) return
  const now = secondsOf(ports.clock.now())
  const note: Note = {
    involvedObject: involved(object),
    type,
    reason,
    message,
    source: { component },
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
  }
  await recordNote(ports, note, origin)
}
