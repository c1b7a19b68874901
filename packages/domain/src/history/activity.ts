import type { RecordedEvent } from '@reckon/eventing'
import { noteIn, noteRecorded } from '../note.ts'
import { refOf } from '../stream-name.ts'

/** Whose activity an event is, or that it reports trouble. */
export const activityClasses = ['people', 'controllers', 'nodes', 'trouble'] as const

export type ActivityClass = (typeof activityClasses)[number]

const troubles: ReadonlySet<string> = new Set([
  'PodFailed',
  'PodContainerRestarted',
  'PodSchedulingFailed',
  'PodPreempted',
  'PodEvicted',
  'NodeBecameUnready',
  'NodeBecameUnreachable',
  'CertificateSigningRequestFailed',
])

/** The class of an event; service accounts count as controllers. Pure. */
export function activityClassOf(event: RecordedEvent): ActivityClass {
  const isWarning = event.type === noteRecorded && noteIn(event).type === 'Warning'
  if (isWarning || troubles.has(event.type)) return 'trouble'
  const user = event.metadata?.actor.user ?? ''
  if (user.startsWith('system:node:')) return 'nodes'
  return user.startsWith('system:') ? 'controllers' : 'people'
}

/** The object that an event is about. */
export type Subject = { namespace: string } & (
  | { resourceId: string }
  | { apiVersion: string; kind: string }
)

/** The object of the event's stream, or the one that a note is about; undefined where there is none. Pure. */
export function subjectOf(event: RecordedEvent): Subject | undefined {
  if (event.type !== noteRecorded) return refOf(event.stream)
  const { apiVersion, kind, namespace = '' } = noteIn(event).involvedObject
  return { apiVersion, kind, namespace }
}
