import type { KubernetesObject } from '@reckon/kubernetes'
import { dataOf, type Recorded } from './recorded-data.ts'

/** Who noted something; `host` is the node, where it was one. */
type NoteSource = { component: string; host?: string }

/**
 * What somebody noticed about an object and no event of the object itself tells: what kubectl lists as its events, in
 * the words of core/v1 Event. How often so far is part of it.
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

/** The notes about one object, apart from its own stream: they touch neither its version nor who watches it. */
export const notesStream = (uid: string): string => `notes-${uid}`

/** The type of a note's event. */
export const noteRecorded = 'NoteRecorded'

/** What is recorded of a note. */
export const noteIn = (event: Recorded): Note => dataOf(event, 'involvedObject')

/** How a note names the object that it is about. */
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
