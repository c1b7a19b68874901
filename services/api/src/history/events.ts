import { refOf } from '@reckon/domain'
import type { Clock, RecordedEvent } from '@reckon/eventing'
import { isRefusal, type ResourceTable } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authorizeHistory, historyGroup } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { sendLines } from '../requests/json-lines.ts'
import { integerOf, isTrue, type Query, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { watchSecondsOf } from '../watching/watch.ts'
import { historyData } from './history-data.ts'
import { authorizeKinds } from './kinds-named.ts'
import { askedEventsIn, recordedEvents } from './recorded-events.ts'

export const historyPath = `/apis/${historyGroup}/v1`

/**
 * GET …/events: the log itself, one event per line, oldest first. `stream` (or a kind), `actor`, `type` and
 * `correlation` filter it; `since` and `before` are positions or RFC 3339 times; `limit` means the last so many, so
 * `before=` the first event of a page gives the previous page. `follow=true` continues with new events, for
 * `timeoutSeconds` or as long as a watch; after that a client must be authorized again. `brief=true` omits the data of
 * events.
 */
export const events: FastifyPluginAsync<{ ports: ApiPorts; closing: AbortSignal }> = async (
  app,
  { ports, closing },
) => {
  app.get(`${historyPath}/events`, async (request, reply) => {
    const query = queryOf(request)
    authorizeLog(request, ports.objects.resources, query)
    const asked = askedEventsIn(query, ports.clock.now())
    const lastsSeconds = watchSecondsOf(ports, integerOf(query, 'timeoutSeconds'))
    // Ask before the answer begins, so that a store that is away causes a refusal rather than a
    // broken answer.
    await ports.log.head()
    const signal = asked.isFollowing
      ? within(ports.clock, lastsSeconds, untilGone(reply, closing))
      : untilGone(reply, closing)
    const found = linesOf(recordedEvents(ports, asked, signal), query)
    await sendLines(request, reply, found, signal).catch((error: unknown) => {
      if (signal.aborted) return
      if (!isRefusal(error)) throw error
      ports.logger.warn({ err: error, url: request.url }, 'the log went away while it was read')
    })
  })
}

/** For one object the right to its past is needed, else to every past. */
function authorizeLog(request: FastifyRequest, resources: ResourceTable, { stream }: Query): void {
  const { resourceId = '', ...object } = refOf(stream ?? '') ?? {}
  const resource = resources.named(resourceId)
  if (resource && 'name' in object) authorizeHistory(request, { resource, ...object })
  else authorizeKinds(request, undefined)
}

/** The longest delay of a timer. */
const timerMsMax = 2 ** 31 - 1

/** Aborts after this time, or when the other signal does. */
function within(clock: Clock, seconds: number, other: AbortSignal): AbortSignal {
  const over = new AbortController()
  void clock.sleep(Math.min(seconds * 1000, timerMsMax), other).then(() => over.abort())
  return over.signal
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
