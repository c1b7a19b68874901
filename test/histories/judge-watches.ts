import { type AnsweredBy, isAsShown, isInScope, type Judging, violated } from './judging.ts'
import type { State } from './logged-event.ts'
import { keyOf, type ReceivedLine, type Ref, type Scope, type Seen } from './operation.ts'

const rule = 'a watch is exactly the log'
/** The log may be away when an old watch needs it: that ends it. */
const away = ['ServiceUnavailable', 'Timeout']

/** What a watch has to tell next. */
type Due = { index: number; type: string; ref: Ref; state: State }

/**
 * A watch tells what the log has after its beginning, each event once, in order, up to some point; bookmarks are true.
 */
export function judgeWatched(judging: Judging, operation: AnsweredBy<'Watched'>): void {
  const { asked, answer } = operation
  const shown = { operations: [operation] }
  if (asked.verb !== 'watch') {
    violated(judging, rule, 'no watch was asked for', shown)
    return
  }
  // By design a watch from any version of this log is served: no version of it is too old.
  if (answer.error && !away.includes(answer.error.reason)) {
    violated(judging, 'what may be done is not refused', answer.error.reason, shown)
  }
  if (asked.since !== 'Initial') {
    judgeReceived(judging, operation, asked.since, answer.received)
    return
  }
  const end = answer.received.findIndex(
    (received) => received.type === 'BOOKMARK' && received.isInitialEnd,
  )
  const bookmark = answer.received[end]
  const initial = end < 0 ? answer.received : answer.received.slice(0, end)
  const items = initial.flatMap((received) => (received.type === 'ADDED' ? [received.seen] : []))
  if (items.length < initial.length) violated(judging, rule, 'not all is ADDED at first', shown)
  // Cut off before the end of what is there, it has not told of which moment it is.
  if (bookmark?.type !== 'BOOKMARK') {
    judgeExisting(judging, operation, items)
    return
  }
  const index = placeOf(judging, operation, bookmark)
  if (index === undefined) return
  judging.moments.recordedAfter(index + 1, operation.invokedAt, operation)
  judging.cuts.push({ operation, scope: asked.scope, index, items })
  judgeReceived(judging, operation, bookmark.version, answer.received.slice(end + 1))
}

function judgeReceived(
  judging: Judging,
  operation: AnsweredBy<'Watched'>,
  since: bigint,
  received: readonly ReceivedLine[],
): void {
  const { log } = judging
  const { scope } = operation.asked as { scope: Scope }
  const due = dueAfter(judging, scope, since)[Symbol.iterator]()
  let next = due.next()
  let reached = since
  for (const each of received) {
    const version = each.type === 'BOOKMARK' ? each.version : each.seen.version
    const index = placeOf(judging, operation, each)
    if (index === undefined) return
    const missed = next.done ? undefined : (next.value as Due)
    const shown = { operations: [operation], indices: [index, ...(missed ? [missed.index] : [])] }
    if (version < reached || (version === reached && each.type !== 'BOOKMARK')) {
      violated(judging, rule, `@${version} after @${reached}: told again`, shown)
      return
    }
    reached = version
    if (each.type === 'BOOKMARK') {
      if (missed === undefined || log.at(missed.index).position > version) continue
      violated(judging, rule, `a bookmark at ${version} before what it includes`, shown)
      return
    }
    if (
      missed === undefined ||
      !isDue(missed, each.type, each.seen, log.at(missed.index).position)
    ) {
      violated(judging, rule, `${each.type} @${version} where another was due`, shown)
      return
    }
    next = due.next()
  }
}

/** When an event or a bookmark is heard, all up to it is recorded. Its place in the log. */
function placeOf(
  judging: Judging,
  operation: AnsweredBy<'Watched'>,
  received: ReceivedLine,
): number | undefined {
  const version = received.type === 'BOOKMARK' ? received.version : received.seen.version
  const { log } = judging
  const index = received.type === 'BOOKMARK' ? log.upTo(version) : log.indexAt(version)
  if (index !== undefined) judging.moments.recordedBefore(index, received.at, operation)
  else {
    const shown = { operations: [operation] }
    violated(judging, 'no answer names what is not recorded', `version ${version}`, shown)
  }
  return index
}

/** What happens to those who see only a scope: objects come and go by changing, too. */
function* dueAfter({ log }: Judging, scope: Scope, since: bigint): Iterable<Due> {
  for (const index of log.changesAfter(scope.resource, since)) {
    const { ref, state } = log.at(index)
    if (ref === undefined) continue
    const before = log.before(index)
    const was = isInScope(scope, ref.namespace, before)
    const is = isInScope(scope, ref.namespace, state)
    if (is && state) yield { index, type: was ? 'MODIFIED' : 'ADDED', ref, state }
    else if (was && before) yield { index, type: 'DELETED', ref, state: before }
  }
}

const isDue = (due: Due, type: string, seen: Seen, position: bigint): boolean =>
  due.type === type &&
  seen.version === position &&
  keyOf(due.ref) === keyOf(seen.ref) &&
  isAsShown(due.state, seen)

function judgeExisting(
  judging: Judging,
  operation: AnsweredBy<'Watched'>,
  items: readonly Seen[],
): void {
  for (const seen of items) {
    const index = judging.log.indexAt(seen.version)
    const state = index === undefined ? undefined : judging.log.at(index).state
    if (state && isAsShown(state, seen)) continue
    violated(judging, 'what is shown was recorded', `@${seen.version}`, { operations: [operation] })
  }
}
