import { invalid, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { mayReadPast } from '../past/past-of-request.ts'
import { type SentList, sendList } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { asksForYaml } from '../representation/media-types.ts'
import { representationOf } from '../representation/representation-of.ts'
import { withHeartbeats } from '../representation/with-heartbeats.ts'
import { type ObjectRequest, routeObjects, type ServedResource } from '../requests/object-routes.ts'
import { sendStatus } from '../requests/refusal.ts'
import { authorizeObjects, int64Of, isTrue, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { watch } from '../watching/watch.ts'
import { watchMoment } from '../watching/watch-moment.ts'
import type { Watches } from '../watching/watches.ts'
import { type ContinueToken, decodeContinue, encodeContinue } from './continue-token.ts'
import { exactPage, type ListSources, laterPage, newestPage, type PageQuery } from './list-page.ts'
import { type ListedState, listedState } from './listed-state.ts'
import { expired } from './resource-version.ts'
import { selectionOf } from './selection.ts'

export type ListContext = ListSources & {
  watches: Watches
  encoded: EncodedObjects
  closing: AbortSignal
}

/** GET of a collection: its objects, in pages if the client asks for them; with `watch=true` its changes. */
export const list: FastifyPluginAsync<ListContext> = async (app, context) => {
  const { resources } = context.ports.objects
  const route = { method: 'GET', shape: 'list' } as const
  routeObjects(app, resources, route, (served, request, reply) =>
    listObjects(context, { served, request, reply }),
  )
}

type Listing = { served: ServedResource; request: ObjectRequest; reply: FastifyReply }

/** Answers with the objects that a request asks for, or begins its watch. */
export async function listObjects(
  context: ListContext,
  { served, request, reply }: Listing,
): Promise<unknown> {
  const { ports, encoded } = context
  const query = queryOf(request)
  int64Of(query, 'timeoutSeconds')
  const limit = int64Of(query, 'limit')
  if (isTrue(query.watch)) {
    // A watch never ends, so a HEAD could wait for ever.
    if (request.method === 'HEAD') return reply.callNotFound()
    if (asksForYaml(request.headers.accept)) throw onlyLines
    const begin = request.moment ? watchMoment : watch
    return begin(context, served, request, reply)
  }
  authorizeObjects(request, 'list', served)
  const { moment } = request
  if (query.sendInitialEvents !== undefined) throw onlyWhenWatching
  const { namespace } = request.params
  const selection = selectionOf(served.resource, query, namespace)
  const representation = representationOf(request, served, { encoded, clock: ports.clock })
  const token = query.continue ? decodeContinue(query.continue) : undefined
  const state = listedState(query, token, moment)
  const { resource } = served
  const ofPast = () => (moment || mayReadPast(request, resource) ? untilGone(reply) : undefined)
  const page = await pageOf(context, state, {
    ...{ resource, namespace, selection, limit: limit ?? 0, token, ofPast },
  })
  if (page === undefined) return sendStatus(reply, tooOld(token))
  const shown =
    state.is === 'newest' ? withHeartbeats(representation, ports.heartbeats) : representation
  return sendList({ reply, clock: ports.clock }, shown, page)
}

type Asked = PageQuery & { ofPast(): AbortSignal | undefined }

/** A page of the list in this state; undefined when it is forgotten, or was of a former namespace. */
async function pageOf(
  context: ListContext,
  state: ListedState,
  asked: Asked,
): Promise<SentList | undefined> {
  switch (state.is) {
    case 'newest':
      return newestPage(context, asked, state.resourceVersion)
    case 'firstPage':
      return laterPage(context, asked, { version: state.version, ofPast: asked.ofPast })
    case 'exact':
      return exactPage(context, asked, { version: state.version, ofPast: asked.ofPast })
  }
}

const onlyLines = new StatusError(
  'NotAcceptable',
  'only the following media types are accepted: application/json;stream=watch',
)

const onlyWhenWatching = invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
  {
    reason: 'FieldValueForbidden',
    field: 'sendInitialEvents',
    message: 'Forbidden: sendInitialEvents is forbidden for list',
  },
])

/**
 * The 410 for a page whose version is no longer in memory. Its token continues at the newest version, for clients that
 * accept an inconsistent list.
 */
function tooOld(token: ContinueToken | undefined) {
  const message =
    token === undefined
      ? 'The resource version is too old to be listed'
      : 'The provided continue parameter is too old to display a consistent list result'
  const fresh =
    token === undefined ? {} : { continue: encodeContinue({ ...token, version: undefined }) }
  return { ...expired(message).toStatus(), metadata: fresh }
}
