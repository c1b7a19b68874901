import {
  type CaughtUp,
  categoryOf,
  type EventLog,
  isSystemEvent,
  type RecordedEvent,
} from '@reckon/eventing'
import { badRequest, isRefusal } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendLines, untilGone } from '../requests/json-lines.ts'
import {
  authorizePath,
  integerOf,
  isTrue,
  type Query,
  queryOf,
} from '../requests/request-context.ts'
import { historyData } from './history-data.ts'

export const historyPath = '/apis/history.reckon.dev/v1'

type Filter = (event: RecordedEvent) => boolean

/**
 * GET …/events: the log itself, one event for each line, the oldest first. `stream` (or a kind), `actor`, `type` and
 * `correlation` narrow it, `since` is a position or an RFC 3339 time, `limit` means the last so many, and
 * `follow=true` goes on with what is recorded from now on.
 */
export const events: FastifyPluginAsync<{ ports: ApiPorts; closing: AbortSignal }> = async (
  app,
  { ports, closing },
) => {
  app.get(`${historyPath}/events`, async (request, reply) => {
    authorizePath(request)
    const query = queryOf(request)
    const matches = filterOf(query)
    const limit = integerOf(query, 'limit') ?? Number.POSITIVE_INFINITY
    // Asked before the answer begins, so that a store that is away is a refusal and no broken answer.
    await ports.log.head()
    const signal = untilGone(reply, closing)
    const found = linesOf(recorded(ports.log, query, signal), matches, limit)
    await sendLines(request, reply, found, signal).catch((error: unknown) => {
      if (!isRefusal(error)) throw error
      ports.logger.warn({ err: error, url: request.url }, 'the log went away while it was read')
    })
  })
}

async function* recorded(log: EventLog, query: Query, signal: AbortSignal) {
  const since = query.since ?? ''
  const after = /^\d+$/.test(since) ? BigInt(since) : undefined
  yield* isTrue(query.follow) ? log.follow(after, signal) : log.readAll({ after })
}

/** The last so many that are recorded, then whatever follows. */
async function* linesOf(
  source: AsyncIterable<RecordedEvent | CaughtUp>,
  matches: Filter,
  limit: number,
): AsyncIterable<object> {
  const last: object[] = []
  let isLive = limit === Number.POSITIVE_INFINITY
  for await (const event of source) {
    if ('caughtUp' in event) {
      yield* last.splice(0)
      isLive = true
      continue
    }
    if (isSystemEvent(event) || !matches(event)) continue
    const { id, type, stream, metadata } = event
    const [revision, position] = [String(event.revision), String(event.position)]
    const line = { id, type, stream, revision, position, data: historyData(event), metadata }
    if (isLive) yield line
    else last.push(line)
    if (last.length > limit) last.shift()
  }
  yield* last
}

function filterOf({ stream, actor, type, correlation, since }: Query): Filter {
  const sinceMs = since && !/^\d+$/.test(since) ? Date.parse(since) : undefined
  if (Number.isNaN(sinceMs)) throw badRequest(`since: "${since}" is no position and no time`)
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
