import type { KubernetesObject } from '@reckon/kubernetes'
import { dataOf, type Recorded } from './recorded-data.ts'

/** The component that made a note; `host` is its node, if it has one. */
type NoteSource = { component: string; host?: string }

/**
 * An observation about an object that does not follow from the object's own events: kubectl shows it as a core/v1
 * Event, whose form it has. The count is part of it.
 */
export type Note = {
  involvedObject: {
    apiVersion: string
    kind: string
    namespace?: string
    name: string
    uid: string
    fieldPath?: string
  }
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  source: NoteSource
  count: number
  firstTimestamp: string
  lastTimestamp: string
}

/**
 * The stream of the notes about one object. It is separate from the object's own, so that notes change neither its
 * version nor wake its watchers.
 */
export const notesStream = (uid: string): string => `notes-${uid}`

/** The type of a note's event. */
export const noteRecorded = 'NoteRecorded'

/** The recorded form of a note. */
export const noteIn = (event: Recorded): Note => dataOf(event, 'involvedObject')

/** How a note refers to its object. */
export const involved = ({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): Note['involvedObject'] => ({
  apiVersion,
  kind,
  ...(metadata.namespace && { namespace: metadata.namespace }),
  name: metadata.name,
  uid: metadata.uid ?? '',
})
