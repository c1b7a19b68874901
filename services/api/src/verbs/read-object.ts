import type { StoredObject } from '@reckon/domain'
import { type KubernetesObject, notFound, type Resource, StatusError } from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import type { ObjectsView } from '../history/shown-objects.ts'
import type { Past } from '../past/past.ts'
import type { ApiPorts } from '../ports.ts'
import { sendObject } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { withHeartbeats } from '../representation/with-heartbeats.ts'
import type { ObjectRequest, ServedResource } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { waitForVersion } from './resource-version.ts'

/** What reading one object needs. */
export type ReadContext = {
  ports: ApiPorts
  view: ObjectsView
  past: Past
  encoded: EncodedObjects
}

type Reading = { served: ServedResource; request: ObjectRequest; reply: FastifyReply }

/** Answers with the object that a request names. */
export async function answerObject(
  context: ReadContext,
  { served, request, reply }: Reading,
): Promise<FastifyReply> {
  const { ports, encoded } = context
  authorizeObjects(request, 'get', served)
  const representation = representationOf(request, served, { encoded, clock: ports.clock })
  const object = await readObject(context, served.resource, { request, reply })
  const heartbeats = request.moment ? undefined : ports.heartbeats
  return sendObject(reply, withHeartbeats(representation, heartbeats), object)
}

/** The object that a request names, now or at the request's moment; 404 where there is none. */
export async function readObject(
  { ports, view, past }: Omit<ReadContext, 'encoded'>,
  resource: Resource,
  { request, reply }: Omit<Reading, 'served'>,
): Promise<KubernetesObject> {
  const { moment, params } = request
  const { namespace = '', name } = params
  if (moment === undefined) await waitForVersion(ports, queryOf(request))
  const stored = moment
    ? await past.at(moment.position).get(resource, namespace, name, untilGone(reply))
    : view.get(resource, namespace, name)
  if (stored === undefined) throw notFound(resource, name)
  if (moment && isLost(stored)) throw keyIsGone(stored.object)
  return stored.object
}

const isLost = ({ sealed }: StoredObject): boolean => sealed === 'Closed'

function keyIsGone({ kind, metadata }: KubernetesObject): StatusError {
  const message = `${kind} "${metadata.name}" cannot be read any more: its key is destroyed`
  return new StatusError('Gone', message)
}
