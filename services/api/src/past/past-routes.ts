import { listKeyOf } from '@reckon/domain'
import { badRequest, type KubernetesObject, notFound, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendList, sendObject } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { type ObjectRequest, routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, integerOf, isTrue, queryOf } from '../requests/request-context.ts'
import { decodeContinue, encodeContinue } from '../verbs/continue-token.ts'
import { FirstMatching } from '../verbs/first-matching.ts'
import { parseVersion, waitForVersion } from '../verbs/resource-version.ts'
import { selectionOf } from '../verbs/selection.ts'
import type { RecentChanges } from '../watching/recent-changes.ts'
import type { Past } from './past.ts'
import { authorizePast, untilGone } from './past-of-request.ts'

/** Below `/at/{version}` every path of objects answers as of that version of the log. */
export const pastPrefix = '/at/:moment'

type PastContext = { ports: ApiPorts; past: Past; encoded: EncodedObjects }
type ListContext = PastContext & { recent: RecentChanges }

/** GET /at/{version}/…/{name}: one object as it was. */
export const getPast: FastifyPluginAsync<PastContext> = async (app, { ports, past, encoded }) => {
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'GET', shape: 'item' }, async (served, request, reply) => {
    const { resource } = served
    authorizeObjects(request, 'get', { resource })
    authorizePast(request, resource)
    const representation = representationOf(request, served, { encoded, clock: ports.clock })
    const position = await momentOf(ports, request)
    const { namespace = '', name } = request.params
    const stored = await past.at(position).get(resource, namespace, name)
    if (stored === undefined) throw notFound(resource, name)
    if (stored.sealed === 'Closed') throw keyIsGone(stored.object)
    return sendObject(reply, representation, stored.object)
  })
}

/** GET /at/{version}/…: the objects as they were, in pages if the client wants. */
export const listPast: FastifyPluginAsync<ListContext> = async (app, context) => {
  const { ports, past, recent, encoded } = context
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'GET', shape: 'list' }, async (served, request, reply) => {
    const { resource } = served
    authorizeObjects(request, 'list', { resource })
    authorizePast(request, resource)
    const query = queryOf(request)
    if (isTrue(query.watch)) throw badRequest('the past does not change: it cannot be watched')
    const { namespace } = request.params
    const selection = selectionOf(resource, query, namespace)
    const representation = representationOf(request, served, { encoded, clock: ports.clock })
    const token = query.continue ? decodeContinue(query.continue) : undefined
    const position = await momentOf(ports, request)
    const range = { namespace, after: token?.after, labels: selection.labels }
    const page = new FirstMatching(selection.matches, integerOf(query, 'limit'))
    const remembered = recent.asOf(resource, position, range)
    if (remembered) page.take(remembered)
    else await page.takeComing(past.at(position).scan(resource, range, untilGone(reply)))
    const { objects, isEnd } = page
    const last = objects.at(-1)
    const given = (token?.given ?? 0) + objects.length
    const next = last && !isEnd && { version: position, after: listKeyOf(last), given }
    const meta = {
      resourceVersion: String(position),
      ...(next && { continue: encodeContinue(next) }),
    }
    return sendList({ reply, clock: ports.clock }, representation, { objects, meta })
  })
}

/** The position that the path names, once the view has it. */
async function momentOf(ports: ApiPorts, request: ObjectRequest): Promise<bigint> {
  const { moment = '' } = request.params
  const position = parseVersion(moment)
  await waitForVersion(ports, { resourceVersion: moment })
  return position
}

function keyIsGone({ kind, metadata }: KubernetesObject): StatusError {
  const message = `${kind} "${metadata.name}" cannot be read any more: its key is destroyed`
  return new StatusError('Gone', message)
}
