import { HistoryLog } from './history-log.ts'
import { judgeClaims } from './judge-claims.ts'
import { judgeCuts, judgeListed } from './judge-lists.ts'
import { judgeRefused } from './judge-refusals.ts'
import { judgeWatched } from './judge-watches.ts'
import { isWrite, judgeDone, judgeGone, judgeRecorded } from './judge-writes.ts'
import { type AnsweredBy, type Judging, violated } from './judging.ts'
import type { LoggedEvent } from './logged-event.ts'
import { type Contradiction, Moments } from './moments.ts'
import type { Operation } from './operation.ts'
import type { Violation } from './violation.ts'

type Verdict = {
  /** How many operations were judged: all that were recorded. */
  judged: number
  violations: readonly Violation[]
}

/**
 * Judges what clients asked and heard by the log, which was read whole after the last answer. The order of all writes
 * is the log's, so nothing is searched for: the time taken follows the size of the history.
 */
export function checkHistory(
  operations: readonly Operation[],
  events: readonly LoggedEvent[],
): Verdict {
  const log = new HistoryLog(events)
  const moments = new Moments(events.length)
  const judging: Judging = { log, moments, claims: [], cuts: [], violations: [] }
  let judged = 0
  for (const operation of operations) {
    judgeRecorded(judging, operation)
    judgeAnswer(judging, operation)
    judged++
  }
  judgeUnasked(judging, operations)
  judgeCuts(judging)
  moments.settle()
  judgeClaims(judging)
  moments.settle()
  for (const contradiction of moments.contradictions()) contradicted(judging, contradiction)
  return { judged, violations: judging.violations }
}

function judgeAnswer(judging: Judging, operation: Operation): void {
  const answered = operation.answer?.type ?? 'Unknown'
  if (answered === 'Refused') judgeRefused(judging, operation as AnsweredBy<'Refused'>)
  else if (answered === 'Done') judgeDone(judging, operation as AnsweredBy<'Done'>)
  else if (answered === 'Gone') judgeGone(judging, operation as AnsweredBy<'Gone'>)
  else if (answered === 'Listed') judgeListed(judging, operation as AnsweredBy<'Listed'>)
  else if (answered === 'Watched') judgeWatched(judging, operation as AnsweredBy<'Watched'>)
  else answered satisfies 'Unknown'
}

/** What bears a request's name was asked for by it. */
function judgeUnasked(judging: Judging, operations: readonly Operation[]): void {
  const asked = new Set(operations.map(({ id }) => id))
  for (const [request, indices] of judging.log.requests) {
    if (asked.has(request)) continue
    violated(judging, 'what is recorded was asked for', `nobody asked #${request}`, { indices })
  }
}

/** Names the promise by who says what: one recorded it, or saw it, or did not see it. */
function contradicted(judging: Judging, { late, early }: Contradiction): void {
  const [later, earlier] = [late.operation, early.operation]
  const wrote = (operation: Operation) =>
    isWrite(operation.asked) && operation.answer?.type !== 'Refused'
  const isOwn = later.client === earlier.client && later !== earlier
  const rule = judging.log.ofRequest(later.id).includes(late.index)
    ? 'the order of the log is that of time'
    : isOwn && wrote(earlier)
      ? 'everybody reads their own writes'
      : isOwn
        ? 'nobody reads backwards'
        : 'a read sees every write answered before it'
  const events = `@${judging.log.at(late.index).position} was recorded after [${late.time}]`
  const but = `@${judging.log.at(early.index).position} before [${early.time}]`
  violated(judging, rule, `#${later.id}: ${events}; #${earlier.id}: ${but}`, {
    operations: [later, earlier],
    indices: late.index === early.index ? [late.index] : [late.index, early.index],
  })
}
