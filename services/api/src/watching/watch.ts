import type { ObjectChange } from '@reckon/domain'
import { invalid, isRefusal, type KubernetesObject, type StatusError } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendLines, untilGone } from '../requests/json-lines.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import {
  authorizeObjects,
  isTrue,
  type Query,
  queryOf,
  wholeNumber,
} from '../requests/request-context.ts'
import { type Representation, representationOf } from '../verbs/representation.ts'
import { parseVersion, waitForVersion } from '../verbs/resource-version.ts'
import { type Selection, selectionOf } from '../verbs/selection.ts'
import { followChanges } from './follow-changes.ts'
import type { RecentChanges } from './recent-changes.ts'

const bookmarkEveryMs = 10_000
/** A watch without a time limit ends after one to two of these, so that clients spread over replicas. */
const lastsSecondsMin = 1_800

type WatchContext = { ports: ApiPorts; recent: RecentChanges; closing: AbortSignal }
type Watch = WatchContext & {
  served: ServedResource
  query: Query
  selection: Selection
  representation: Representation
  signal: AbortSignal
}
type WatchEvent = { type: string; object: unknown }

/** GET of a collection with `watch=true`: what happens to its objects, a JSON line for each event, until someone ends it. */
export async function watch(
  context: WatchContext,
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
): Promise<void> {
  const { ports } = context
  authorizeObjects(request, 'watch', served)
  const query = queryOf(request)
  checkQuery(query)
  const { namespace } = request.params
  const selection = selectionOf(served.resource, query, namespace)
  const representation = representationOf(request, served, new Date(ports.clock.now()))
  const seconds =
    wholeNumber(query, 'timeoutSeconds') || lastsSecondsMin + ports.ids.below(lastsSecondsMin)
  const refusal = await waitForVersion(ports, query).catch(expiredOnly)
  const timedOut = new AbortController()
  const signal = AbortSignal.any([untilGone(reply, context.closing), timedOut.signal])
  void ports.clock.sleep(seconds * 1000, signal).then(() => timedOut.abort())
  const all = { ...context, served, query, selection, representation, signal }
  const told = refusal === undefined ? orError(tell(all)) : justRefused(refusal)
  try {
    await sendLines(request, reply, told, signal)
  } catch (error) {
    // The answer has begun, so that no refusal can tell the client: it sees the watch end, and begins another.
    ports.logger.error({ err: error, url: request.url }, 'a watch failed')
  } finally {
    timedOut.abort()
  }
}

async function* tell(watch: Watch): AsyncIterable<WatchEvent> {
  const { ports, recent, served, query, selection, representation, signal } = watch
  const position = ports.objects.position ?? 0n
  if (isInitial(query)) yield* initialEvents(watch, position)
  const after = isInitial(query) ? position : startOf(query, position)
  const { resource } = served
  const following = { ports, recent, resource, after, everyMs: bookmarkEveryMs, signal }
  for await (const item of followChanges(following)) {
    if ('reached' in item) {
      const bookmark = representation.bookmark({ resourceVersion: String(item.reached) })
      if (isTrue(query.allowWatchBookmarks)) yield { type: 'BOOKMARK', object: bookmark }
    } else {
      const event = eventOf(item, selection)
      if (event !== undefined) {
        yield { type: event.type, object: representation.watched(event.object) }
      }
    }
  }
}

/** Every object as it is at this position, which is the view's own when this begins. */
function* initialEvents(watch: Watch, position: bigint): Iterable<WatchEvent> {
  const { ports, served, query, selection, representation } = watch
  for (const { object } of ports.objects.list(served.resource)) {
    if (selection.matches(object)) yield { type: 'ADDED', object: representation.watched(object) }
  }
  if (!isTrue(query.sendInitialEvents)) return
  const annotations = { 'k8s.io/initial-events-end': 'true' }
  const metadata = { resourceVersion: String(position), annotations }
  yield { type: 'BOOKMARK', object: representation.bookmark(metadata) }
}

/** What cannot be told any more, as the log being away for an old watch, ends it with a Status. */
async function* orError(events: AsyncIterable<WatchEvent>): AsyncIterable<WatchEvent> {
  try {
    yield* events
  } catch (error) {
    if (!isRefusal(error)) throw error
    yield* justRefused(error)
  }
}

async function* justRefused(refusal: StatusError): AsyncIterable<WatchEvent> {
  yield { type: 'ERROR', object: refusal.toStatus() }
}

const isInitial = ({ sendInitialEvents, resourceVersion = '' }: Query): boolean =>
  sendInitialEvents === undefined
    ? resourceVersion === '' || resourceVersion === '0'
    : isTrue(sendInitialEvents)

const startOf = ({ resourceVersion }: Query, position: bigint): bigint =>
  resourceVersion && resourceVersion !== '0' ? parseVersion(resourceVersion) : position

/** What the change is to someone who sees only the selected objects: they come and go by changing, too. */
export function eventOf(
  { type, before, stored, event }: ObjectChange,
  selection: Selection,
): { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubernetesObject } | undefined {
  const wasSeen = before !== undefined && selection.matches(before.object)
  const isSeen = type !== 'DELETED' && selection.matches(stored.object)
  if (isSeen) return { type: wasSeen ? 'MODIFIED' : 'ADDED', object: stored.object }
  if (!wasSeen) return undefined
  const metadata = { ...before.object.metadata, resourceVersion: String(event.position) }
  return { type: 'DELETED', object: { ...before.object, metadata } }
}

/** A watch from a version that is gone begins as any other and then tells so, as upstream's does. */
function expiredOnly(error: unknown): StatusError {
  if (isRefusal(error, 'Expired')) return error
  throw error
}

function checkQuery({ sendInitialEvents, resourceVersionMatch }: Query): void {
  const refused = (field: string, why: string) =>
    invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      { reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` },
    ])
  if (sendInitialEvents !== undefined && resourceVersionMatch !== 'NotOlderThan') {
    const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
    throw refused('resourceVersionMatch', why)
  }
  if (sendInitialEvents === undefined && resourceVersionMatch) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
    throw refused('resourceVersionMatch', why)
  }
}
