import { listKeyOf } from '@reckon/domain'
import { badRequest, invalid, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { ObjectsView } from '../history/shown-objects.ts'
import { isOfFormerNamespace } from '../past/former-namespace.ts'
import type { Moment } from '../past/moment.ts'
import type { Past } from '../past/past.ts'
import { mayReadPast } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { type ListItem, sendList } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { asksForYaml } from '../representation/media-types.ts'
import type { ListMeta } from '../representation/representation.ts'
import { representationOf } from '../representation/representation-of.ts'
import { withHeartbeats } from '../representation/with-heartbeats.ts'
import { type ObjectRequest, routeObjects, type ServedResource } from '../requests/object-routes.ts'
import { sendStatus } from '../requests/refusal.ts'
import {
  authorizeObjects,
  int64Of,
  isTrue,
  type Query,
  queryOf,
} from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import type { RecentChanges } from '../watching/recent-changes.ts'
import { watch } from '../watching/watch.ts'
import { watchMoment } from '../watching/watch-moment.ts'
import type { Watches } from '../watching/watches.ts'
import { type ContinueToken, decodeContinue, encodeContinue } from './continue-token.ts'
import { FirstMatching } from './first-matching.ts'
import { expired, parseVersion, waitForVersion } from './resource-version.ts'
import { type Selection, selectionOf } from './selection.ts'

type Page = { items: readonly ListItem[]; meta: ListMeta }
export type ListContext = {
  ports: ApiPorts
  view: ObjectsView
  recent: RecentChanges
  watches: Watches
  encoded: EncodedObjects
  past: Past
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
  const exact = moment ? versionOf(moment, query, token) : exactVersion(query)
  const ofPast = () =>
    moment || mayReadPast(request, served.resource) ? untilGone(reply) : undefined
  const wanted = { served, query, limit, selection, namespace, token, exact, ofPast }
  const page = await pageOf(context, wanted)
  if (page === undefined) return sendStatus(reply, tooOld(token))
  const isPresent = token?.version === undefined && exact === undefined
  const shown = isPresent ? withHeartbeats(representation, ports.heartbeats) : representation
  return sendList({ reply, clock: ports.clock }, shown, page)
}

type PageQuery = {
  served: ServedResource
  query: Query
  /** The largest number of objects in a page; 0 or less means all of them. */
  limit: number | undefined
  selection: Selection
  namespace: string | undefined
  token: ContinueToken | undefined
  /** The exact version that is asked for; undefined: the newest. */
  exact: bigint | undefined
  /** For users who may read the past, a signal that aborts when the client has gone; undefined for others. */
  ofPast(): AbortSignal | undefined
}

/** One page of a list; undefined when the objects of its version are forgotten. */
async function pageOf(
  { ports, recent, past }: Pick<ListContext, 'ports' | 'recent' | 'past'>,
  { served: { resource }, query, limit = 0, selection, namespace, token, exact, ofPast }: PageQuery,
): Promise<Page | undefined> {
  if (token !== undefined && query.resourceVersion && query.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  const wanted = exact ?? token?.version
  await waitForVersion(ports, wanted || token ? { resourceVersion: wanted?.toString() } : query)
  const version = token?.version ?? exact ?? ports.objects.position ?? 0n
  const isOld = token?.version !== undefined || exact !== undefined
  if (isOld && (await isOfFormerNamespace(ports, namespace, version)) && !ofPast()) return undefined
  const range = { namespace, after: token?.after, labels: selection.labels }
  const all = recent.asOf(resource, version, range)
  const isExact = exact !== undefined || token?.exact === true
  const waited = all === undefined && isExact ? ofPast() : undefined
  // The range has chosen by namespace and labels.
  const matches = selection.isByFields ? selection.matches : undefined
  const page = new FirstMatching(matches, Math.max(limit, 0))
  if (all) page.take(all)
  else if (waited) await page.takeComing(past.at(version).list(resource, range, waited))
  else return undefined
  const { items, isEnd } = page
  const last = items.at(-1)
  if (isEnd || last === undefined) return { items, meta: { resourceVersion: String(version) } }
  const given = (token?.given ?? 0) + items.length
  const count = recent.countAsOf(resource, version, namespace)
  return {
    items,
    meta: {
      resourceVersion: String(version),
      continue: encodeContinue({
        ...{ version, after: listKeyOf(last.object), given },
        ...(isExact && { exact: true }),
      }),
      // As upstream, only lists without a selector are counted.
      ...(selection.isAll && count !== undefined && { remainingItemCount: count - given }),
    },
  }
}

function exactVersion({ resourceVersion = '', resourceVersionMatch }: Query): bigint | undefined {
  if (!resourceVersionMatch) return undefined
  if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== 'NotOlderThan') {
    throw refusedMatch(`Unsupported value: "${resourceVersionMatch}"`)
  }
  if (resourceVersion === '') throw refusedMatch('Forbidden: resourceVersion is not given')
  if (resourceVersionMatch === 'NotOlderThan') return undefined
  if (resourceVersion === '0') throw refusedMatch('Forbidden: "Exact" is not allowed with "0"')
  return parseVersion(resourceVersion)
}

/** The version of the request's moment; a version named elsewhere in the request must equal it. */
function versionOf({ position }: Moment, query: Query, token: ContinueToken | undefined): bigint {
  const named = token ? (token.version ?? 0n) : exactVersion(query)
  if (named === undefined || named === position) return position
  throw badRequest(`resourceVersion: the path says ${position}`)
}

const refusedMatch = (message: string) =>
  invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { reason: 'FieldValueInvalid', field: 'resourceVersionMatch', message },
  ])

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
