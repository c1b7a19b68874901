import { type KubernetesObject, notFound, type Resource, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendObject } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { type ObjectRequest, routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects } from '../requests/request-context.ts'
import { parseVersion, waitForVersion } from '../verbs/resource-version.ts'
import type { Past } from './past.ts'

/** Below `/at/{version}` every path of objects answers as of that version of the log. */
export const pastPrefix = '/at/:moment'

type PastContext = { ports: ApiPorts; past: Past; encoded: EncodedObjects }

/** GET /at/{version}/…/{name}: one object as it was. */
export const getPast: FastifyPluginAsync<PastContext> = async (app, { ports, past, encoded }) => {
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'GET', shape: 'item' }, async (served, request, reply) => {
    const { resource } = served
    authorizePast(request, 'get', resource)
    const representation = representationOf(request, served, { encoded, clock: ports.clock })
    const position = await momentOf(ports, request)
    const { namespace = '', name } = request.params
    const stored = await past.at(position).get(resource, namespace, name)
    if (stored === undefined) throw notFound(resource, name)
    if (stored.sealed === 'Closed') throw keyIsGone(stored.object)
    return sendObject(reply, representation, stored.object)
  })
}

/** Who reads the past may do so, and may read these objects. */
function authorizePast(request: ObjectRequest, verb: 'get' | 'list', resource: Resource): void {
  authorizeObjects(request, verb, { resource })
  authorizeObjects(request, 'past', { resource: { ...resource, group: 'history.reckon.dev' } })
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
