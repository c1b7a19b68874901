import { categoryOf, isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { badRequest } from '@reckon/kubernetes'
import type { NamedMoment } from '../past/named-moment.ts'
import { integerOf, isTrue, type Query } from '../requests/request-context.ts'
import { askedBound } from './asked-moment.ts'
import { lastRecorded } from './last-recorded.ts'
import { lastBy, type Searched, slackMs } from './position-at.ts'

/** Which events of the log are requested. */
type EventsQuery = {
  /** The only stream that can have them; undefined: any. */
  stream: string | undefined
  /** The moments after and before which they are; undefined: from the log's beginning, to its end. */
  since: NamedMoment | undefined
  before: NamedMoment | undefined
  /** Only the last so many. */
  limit: number | undefined
  /** Also events recorded from now on. */
  isFollowing: boolean
  matches(event: RecordedEvent): boolean
}

/** Parses the parameters of a query; refused with 400 where they are malformed. */
export function askedEventsIn(query: Query, nowMs: number): EventsQuery {
  const momentIn = (name: 'since' | 'before') => {
    const text = query[name]
    return text ? askedBound({ name, text }, nowMs) : undefined
  }
  const [since, before] = [momentIn('since'), momentIn('before')]
  const isFollowing = isTrue(query.follow)
  if (before && isFollowing) throw badRequest('before: what is followed has no end')
  const { stream } = query
  return {
    ...{ since, before, isFollowing, limit: integerOf(query, 'limit') },
    stream: stream?.includes('/') ? stream : undefined,
    matches: filterOf(query, { since, before }),
  }
}

/**
 * The requested events that are recorded, and then new ones until the signal aborts. Throws if it aborts before all
 * recorded ones were returned.
 */
export async function* recordedEvents(
  searched: Searched,
  { stream, since, before, limit, isFollowing, matches }: EventsQuery,
  signal: AbortSignal,
): AsyncIterable<RecordedEvent> {
  const { log } = searched
  let after = since && (await startOf(searched, since, signal))
  const end = before && (await endOf(searched, before, signal))
  let upTo = end === undefined ? undefined : end - 1n
  const isLater = (event: RecordedEvent) => after === undefined || event.position > after
  const isWanted = (event: RecordedEvent) =>
    !isSystemEvent(event) && (end === undefined || event.position < end) && matches(event)
  const one = isFollowing ? undefined : stream
  if (limit !== undefined) {
    const newestFirst = one
      ? log.readStream(one, { direction: 'backwards' })
      : log.readAllBackwards(end)
    const last = await lastRecorded(newestFirst, { limit, isLater, isWanted }, signal)
    for (const event of last.held ?? []) {
      signal.throwIfAborted()
      yield event
    }
    if (last.held && !isFollowing) return
    after = (last.held ? last.newest : last.after) ?? after
    upTo = isFollowing ? undefined : last.newest
  }
  const source = one
    ? log.readStream(one)
    : isFollowing
      ? log.follow(after, signal)
      : log.readAll({ after })
  for await (const event of source) {
    if (isFollowing && signal.aborted) return
    signal.throwIfAborted()
    if (!('id' in event)) continue
    if (upTo !== undefined && event.position > upTo) return
    if (isLater(event) && isWanted(event)) yield event
  }
}

/** The position after which to search, so that events from long before a time are not read. */
async function startOf(
  searched: Searched,
  since: NamedMoment,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  if ('position' in since) return since.position
  return lastBy(searched, since.timeMs - slackMs, signal)
}

/** The position before which to search, so that events from long after a time are not read. */
async function endOf(
  searched: Searched,
  before: NamedMoment,
  signal: AbortSignal,
): Promise<bigint> {
  if ('position' in before) return before.position
  return ((await lastBy(searched, before.timeMs + slackMs, signal)) ?? -1n) + 1n
}

type Filter = EventsQuery['matches']

function filterOf(
  { stream, actor, type, correlation }: Query,
  { since, before }: Pick<EventsQuery, 'since' | 'before'>,
): Filter {
  const isSince = (timeMs: number) => !since || 'position' in since || timeMs >= since.timeMs
  const isBefore = (timeMs: number) => !before || 'position' in before || timeMs < before.timeMs
  return (event) => {
    const timeMs = Date.parse(event.metadata?.time ?? '')
    return (
      (!stream || isOf(event.stream, stream)) &&
      (!type || event.type === type) &&
      (!actor || isBy(event.metadata?.actor.user ?? '', actor)) &&
      (!correlation || event.metadata?.$correlationId === correlation) &&
      isSince(timeMs) &&
      isBefore(timeMs)
    )
  }
}

/** Whether a user has this name, in full or by its last part: `kube-scheduler` for `system:kube-scheduler`. */
const isBy = (user: string, named: string): boolean => user === named || user.endsWith(`:${named}`)

/** Whether a stream has this name, or is of this kind: `pods-default/web`, `deployments`, `deployments.apps`. */
function isOf(stream: string, named: string): boolean {
  const category = categoryOf(stream)
  return named === stream || named === category || named === category.split('.')[0]
}
