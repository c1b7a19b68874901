import type { Note } from '../note.ts'

/** What an event of the log tells about an object, in the words of core/v1 Event. */
export type Fact = Pick<Note, 'involvedObject' | 'type' | 'reason' | 'message' | 'source'>
