import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'the log has an order without holes'

/** Positions increase, revisions are without gaps, and no event occurs twice. */
export function orderOfTheLog(): Checker {
  const revisions = new Map<string, bigint>()
  const ids = new Set<string>()
  let last = -1n
  return {
    onRecorded({ event: { stream, revision, position, id, type } }) {
      const before = revisions.get(stream) ?? -1n
      if (position <= last) throw new Violation(rule, `${position} comes after ${last}`)
      const isEnd = type === '$streamDeleted'
      if (revision !== before + 1n && !isEnd) {
        throw new Violation(rule, `${stream}@${revision} comes after revision ${before}`)
      }
      if (ids.has(id)) throw new Violation(rule, `${id} in ${stream} is recorded twice`)
      ids.add(id)
      revisions.set(stream, revision)
      last = position
    },
  }
}
