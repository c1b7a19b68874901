import { type Clock, categoryOf, isSystemEvent, type RecordedEvent } from '@reckon/eventing'
import { badRequest, isRefusal } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { historyGroup } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { sendLines } from '../requests/json-lines.ts'
import {
  authorizePath,
  integerOf,
  isTrue,
  type Query,
  queryOf,
} from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { parseVersion } from '../verbs/resource-version.ts'
import { lastsSecondsOf } from '../watching/watch.ts'
import { historyData } from './history-data.ts'
import { lastRecorded } from './last-recorded.ts'
import { lastBy, type Searched, slackMs } from './position-at.ts'

export const historyPath = `/apis/${historyGroup}/v1`

type Filter = (event: RecordedEvent) => boolean

/**
 * GET …/events: the log itself, one event for each line, the oldest first. `stream` (or a kind), `actor`, `type` and
 * `correlation` narrow it, `since` is a position or an RFC 3339 time, `limit` means the last so many, and
 * `follow=true` goes on with what is recorded from now on, for `timeoutSeconds` or as long as a watch: who goes on then is
 * authorized anew. `brief=true` leaves out what each event carries.
 */
export const events: FastifyPluginAsync<{ ports: ApiPorts; closing: AbortSignal }> = async (
  app,
  { ports, closing },
) => {
  app.get(`${historyPath}/events`, async (request, reply) => {
    authorizePath(request)
    const query = queryOf(request)
    const since = sinceOf(query)
    const matches = filterOf(query, since)
    const limit = integerOf(query, 'limit')
    const lastsSeconds = lastsSecondsOf(ports, integerOf(query, 'timeoutSeconds'))
    // Asked before the answer begins, so that a store that is away is a refusal and no broken answer.
    await ports.log.head()
    const signal = isTrue(query.follow)
      ? within(ports.clock, lastsSeconds, untilGone(reply, closing))
      : untilGone(reply, closing)
    const found = linesOf(recorded(ports, { query, matches, limit, since, signal }), query)
    await sendLines(request, reply, found, signal).catch((error: unknown) => {
      if (signal.aborted) return
      if (!isRefusal(error)) throw error
      ports.logger.warn({ err: error, url: request.url }, 'the log went away while it was read')
    })
  })
}

/** No timer waits longer. */
const timerMsMax = 2 ** 31 - 1

/** Aborts after so long, or when the other signal does. */
function within(clock: Clock, seconds: number, other: AbortSignal): AbortSignal {
  const over = new AbortController()
  void clock.sleep(Math.min(seconds * 1000, timerMsMax), other).then(() => over.abort())
  return over.signal
}

/** A position of the log, or a time. */
type Since = { position: bigint } | { timeMs: number } | undefined
type Wanted = {
  query: Query
  matches: Filter
  limit: number | undefined
  since: Since
  signal: AbortSignal
}

/**
 * What is recorded and matches, of that the last so many; then whatever follows until the signal aborts. Throws where it aborts
 * before all that is recorded was told.
 */
async function* recorded(
  searched: Searched,
  { query, matches, limit, since, signal }: Wanted,
): AsyncIterable<RecordedEvent> {
  const { log } = searched
  const { stream } = query
  let after = await startOf(searched, since, signal)
  let upTo: bigint | undefined
  const isLater = (event: RecordedEvent) => after === undefined || event.position > after
  const isWanted = (event: RecordedEvent) => !isSystemEvent(event) && matches(event)
  const isFollowing = isTrue(query.follow)
  const one = stream?.includes('/') === true && !isFollowing ? stream : undefined
  if (limit !== undefined) {
    const newestFirst = one
      ? log.readStream(one, { direction: 'backwards' })
      : log.readAllBackwards()
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

async function* linesOf(
  events: AsyncIterable<RecordedEvent>,
  { brief }: Query,
): AsyncIterable<object> {
  for await (const event of events) {
    const { id, type, stream, metadata } = event
    const [revision, position] = [String(event.revision), String(event.position)]
    const data = isTrue(brief) ? {} : { data: historyData(event) }
    yield { id, type, stream, revision, position, ...data, metadata }
  }
}

function sinceOf({ since }: Query): Since {
  if (!since) return undefined
  if (/^\d+$/.test(since)) return { position: parseVersion(since) }
  const timeMs = Date.parse(since)
  if (!Number.isNaN(timeMs)) return { timeMs }
  throw badRequest(`since: "${since}" is no position and no time`)
}

/** After which position it is looked: what was recorded long before a time is not read. */
async function startOf(
  searched: Searched,
  since: Since,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  if (since === undefined) return undefined
  return 'position' in since
    ? since.position
    : await lastBy(searched, since.timeMs - slackMs, signal)
}

function filterOf({ stream, actor, type, correlation }: Query, since: Since): Filter {
  const sinceMs = since && 'timeMs' in since ? since.timeMs : undefined
  return (event) =>
    (!stream || isOf(event.stream, stream)) &&
    (!type || event.type === type) &&
    (!actor || isBy(event.metadata?.actor.user ?? '', actor)) &&
    (!correlation || event.metadata?.$correlationId === correlation) &&
    (sinceMs === undefined || Date.parse(event.metadata?.time ?? '') >= sinceMs)
}

/** Whether a user is the one named, in full or by the last part: `kube-scheduler` for `system:kube-scheduler`. */
const isBy = (user: string, named: string): boolean => user === named || user.endsWith(`:${named}`)

/** Whether a stream is the one named, or of the kind named: `pods-default/web`, `deployments`, `deployments.apps`. */
function isOf(stream: string, named: string): boolean {
  const category = categoryOf(stream)
  return named === stream || named === category || named === category.split('.')[0]
}
