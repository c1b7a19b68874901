import type { FastifyReply } from 'fastify'
import type { Past } from '../past/past.ts'
import type { ApiPorts } from '../ports.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { beginLines } from '../requests/json-lines.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { authorizeObjects, int64Of, isTrue, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { selectionOf } from '../verbs/selection.ts'
import { initialPiecesOf } from './initial-pieces.ts'
import type { RecentChanges } from './recent-changes.ts'
import { watchSecondsOf } from './watch.ts'
import type { Piece } from './watch-lines.ts'
import { checkWatchQuery, isInitial } from './watch-query.ts'
import { Watcher } from './watcher.ts'

type Context = {
  ports: ApiPorts
  recent: RecentChanges
  past: Past
  encoded: EncodedObjects
  closing: AbortSignal
}

const tickMs = 1_000

/**
 * A watch below `/at/<moment>`, for clients that only know lists with watches: it sends the initial objects, if they
 * are wanted, and then nothing, since the past does not change.
 */
export async function watchMoment(
  { ports, recent, past, encoded, closing }: Context,
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
): Promise<void> {
  const { resource } = served
  const { clock } = ports
  authorizeObjects(request, 'watch', served)
  const query = queryOf(request)
  checkWatchQuery(query)
  const position = request.moment?.position ?? 0n
  const selection = selectionOf(resource, query, request.params.namespace)
  const representation = representationOf(request, served, { encoded, clock })
  const wantsBookmarks = isTrue(query.allowWatchBookmarks)
  const durationTicks = watchSecondsOf(ports, int64Of(query, 'timeoutSeconds'))
  const { namespace, labels } = selection
  const range = { namespace, labels }
  const existing = !isInitial(query)
    ? []
    : await Array.fromAsync(
        recent.asOf(resource, position, range) ??
          past.at(position).scan(resource, range, untilGone(reply)),
      )
  const watched = { selection, representation, after: position, wantsBookmarks, durationTicks }
  const watcher = new Watcher(beginLines(request, reply), watched)
  const endsMarked = isTrue(query.sendInitialEvents) && wantsBookmarks
  for (const piece of initialPiecesOf(existing, { watcher, position, endsMarked })) {
    await sendPiece(watcher, piece)
  }
  while (!watcher.isOver) {
    await clock.sleep(tickMs, closing)
    if (closing.aborted) watcher.end()
    watcher.tick()
    if (watcher.isBookmarkDue && !watcher.isFull) watcher.sendBookmark()
  }
}

async function sendPiece(watcher: Watcher, piece: Piece): Promise<void> {
  if (!watcher.send(piece)) await watcher.taken()
}
