import { isRefusal, type StatusError } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import type { ObjectsView } from '../history/shown-objects.ts'
import { isOfFormerNamespace } from '../past/former-namespace.ts'
import { mayReadPast } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { beginLines } from '../requests/json-lines.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { authorizeObjects, int64Of, isTrue, queryOf } from '../requests/request-context.ts'
import { expired, waitForVersion } from '../verbs/resource-version.ts'
import { selectionOf } from '../verbs/selection.ts'
import { initialPieces } from './initial-pieces.ts'
import { checkWatchQuery, isInitial, startOf } from './watch-query.ts'
import { Watcher } from './watcher.ts'
import type { Watches } from './watches.ts'

/** A watch without a time limit ends after one to two times this, so that clients spread over replicas. */
const lastsSecondsMin = 1_800

type WatchContext = {
  ports: ApiPorts
  view: ObjectsView
  watches: Watches
  encoded: EncodedObjects
}

/** GET of a collection with `watch=true`: a stream of JSON lines, one for each change, until either side ends it. */
export async function watch(
  { ports, view, watches, encoded }: WatchContext,
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
): Promise<void> {
  const { resource } = served
  const { objects, clock } = ports
  authorizeObjects(request, 'watch', served)
  const query = queryOf(request)
  checkWatchQuery(query)
  const { namespace } = request.params
  const selection = selectionOf(resource, query, namespace)
  const representation = representationOf(request, served, { encoded, clock })
  const durationTicks = watchSecondsOf(ports, int64Of(query, 'timeoutSeconds'))
  const refusal = await waitForVersion(ports, query).catch(expiredRefusal)
  const position = objects.position ?? 0n
  const after = isInitial(query) ? position : startOf(query, position)
  const isFormer = !isInitial(query) && (await isOfFormerNamespace(ports, namespace, after))
  const former = isFormer && !mayReadPast(request, resource) ? formerNamespaceExpired : undefined
  const wantsBookmarks = isTrue(query.allowWatchBookmarks)
  const sink = beginLines(request, reply)
  const watcher = new Watcher(sink, {
    selection,
    representation,
    after,
    wantsBookmarks,
    durationTicks,
  })
  const why = refusal ?? former
  if (why !== undefined) return watcher.end(why)
  // As upstream, the end of the initial objects is marked by a bookmark, and so only for clients
  // that accept bookmarks.
  const endsMarked = isTrue(query.sendInitialEvents) && wantsBookmarks
  const beginning = isInitial(query) ? initialPieces(view, resource, { watcher, endsMarked }) : []
  watches.begin([resource], watcher, beginning)
}

/** How long a watch lasts; 0 means no limit of the client's, and a negative number ends it at once. */
export const watchSecondsOf = ({ ids }: Pick<ApiPorts, 'ids'>, named: number | undefined): number =>
  Math.max(named || lastsSecondsMin + ids.below(lastsSecondsMin), 1)

/** 410: clients list again, as upstream makes them do whenever a version is too old. */
export const formerNamespaceExpired = expired(
  'too old resource version: it is of another namespace of this name',
)

/** As upstream, a watch from an expired version is accepted and then ends with an ERROR event. */
export function expiredRefusal(error: unknown): StatusError {
  if (isRefusal(error, 'Expired')) return error
  throw error
}
