import { checkHistory } from '../../histories/check-history.ts'
import { loggedEvents } from '../../histories/logged-event.ts'
import type { Recorder } from '../../histories/recorder.ts'
import { described } from '../../histories/violation.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/**
 * All requests and answers of clients, checked against the log: linearizable for each object, own writes are read,
 * watches are complete.
 */
export function histories({ history }: World, { operations }: Recorder): Checker {
  // Earlier requests belong to a log that is lost.
  const first = operations.length
  const isAsked = (request: string | undefined): request is string => Number(request) > first
  const judge = (): void => {
    const events = loggedEvents(history.opened).map(({ request, ...event }) => ({
      ...event,
      ...(isAsked(request) ? { request } : {}),
    }))
    const [violation] = checkHistory(operations.slice(first), events).violations
    if (violation !== undefined) throw new Violation(violation.rule, described(violation))
  }
  return { onRestore: judge, onEnd: judge }
}
