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

/** A watch without a time limit ends after one to two of these, so that clients spread over replicas. */
const lastsSecondsMin = 1_800

type WatchContext = {
  ports: ApiPorts
  view: ObjectsView
  watches: Watches
  encoded: EncodedObjects
}

/**
 * GET of a collection with `watch=true`: what happens to its objects, a JSON line for each event, until someone ends
 * it.
 */
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
  const lastsTicks = lastsSecondsOf(ports, int64Of(query, 'timeoutSeconds'))
  const refusal = await waitForVersion(ports, query).catch(expiredOnly)
  const position = objects.position ?? 0n
  const after = isInitial(query) ? position : startOf(query, position)
  const isFormer = !isInitial(query) && (await isOfFormerNamespace(ports, namespace, after))
  const former = isFormer && !mayReadPast(request, resource) ? ofFormer : undefined
  const wantsBookmarks = isTrue(query.allowWatchBookmarks)
  const sink = beginLines(request, reply)
  const watcher = new Watcher(sink, {
    selection,
    representation,
    after,
    wantsBookmarks,
    lastsTicks,
  })
  const why = refusal ?? former
  if (why !== undefined) return watcher.end(why)
  // Upstream, too, tells the end of what is there by a bookmark, and so to nobody who takes none.
  const endsMarked = isTrue(query.sendInitialEvents) && wantsBookmarks
  const beginning = isInitial(query) ? initialPieces(view, resource, { watcher, endsMarked }) : []
  watches.begin([resource], watcher, beginning)
}

/** How long a watch lasts; 0 is no limit that anybody names, and less than that is over at once. */
export const lastsSecondsOf = ({ ids }: Pick<ApiPorts, 'ids'>, named: number | undefined): number =>
  Math.max(named || lastsSecondsMin + ids.below(lastsSecondsMin), 1)

/** Clients list anew, as upstream has them do whenever a version is too old. */
export const ofFormer = expired('too old resource version: it is of another namespace of this name')

/** A watch from a version that is gone begins as any other and then tells so, as upstream's does. */
export function expiredOnly(error: unknown): StatusError {
  if (isRefusal(error, 'Expired')) return error
  throw error
}
