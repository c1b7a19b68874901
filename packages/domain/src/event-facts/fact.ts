import type { Note } from '../note.ts'

/** A fact about an object that follows from an event of the log, in the form of a core/v1 Event. */
export type Fact = Pick<Note, 'involvedObject' | 'type' | 'reason' | 'message' | 'source'>
