import { type AnsweredBy, isAsShown, type Judging, violated } from './judging.ts'
import { keyOf, type Ref } from './operation.ts'

/**
 * What was shown was once so, and was the newest at some moment between request and answer; for a read that names a
 * version, it is at least as new.
 */
export function judgeSeen(judging: Judging, operation: AnsweredBy<'Done'>): void {
  const { log, moments } = judging
  const { asked, answer, invokedAt } = operation
  const { seen } = answer
  const index = log.indexAt(seen.version)
  const event = index === undefined ? undefined : log.at(index)
  const shown = { operations: [operation], indices: index === undefined ? [] : [index] }
  const isRecorded = event?.ref && keyOf(event.ref) === keyOf(seen.ref) && event.state
  if (index === undefined || !isRecorded || !isAsShown(isRecorded, seen)) {
    violated(judging, 'what is shown was recorded', `@${seen.version} "${seen.token}"`, shown)
    return
  }
  if ('ref' in asked && keyOf(seen.ref) !== keyOf(asked.ref as Ref)) {
    violated(judging, 'what is shown was asked for', keyOf(seen.ref), shown)
  }
  moments.recordedBefore(index, answer.at, operation)
  const next = log.next(index)
  const wanted = asked.verb === 'get' ? asked.version : undefined
  if (wanted === undefined) moments.recordedAfter(next, invokedAt, operation)
  else if (next < log.events.length && log.at(next).position <= wanted) {
    const indices = [index, next]
    violated(judging, 'a read is as new as it asks', `not older than ${wanted} was wanted`, {
      ...shown,
      indices,
    })
  }
}
