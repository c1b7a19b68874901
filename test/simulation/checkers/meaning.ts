import type { ObjectChanged } from '@reckon/domain'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

/** An event says something: what changed nothing is none. */
export const meaning = (): Checker => ({
  onRecorded({ event: { type, stream, data }, change }) {
    if (change?.type !== 'MODIFIED') return
    if ((data as ObjectChanged).patch.length > 0) return
    throw new Violation('every event says something', `${type} in ${stream} changes nothing`)
  },
})
