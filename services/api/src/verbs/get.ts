import { notFound } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ObjectsView } from '../history/shown-objects.ts'
import type { ApiPorts } from '../ports.ts'
import { sendObject } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { withHeartbeats } from '../representation/with-heartbeats.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { waitForVersion } from './resource-version.ts'

type Context = { ports: ApiPorts; view: ObjectsView; encoded: EncodedObjects }

/** GET …/{name}: one object. */
export const get: FastifyPluginAsync<Context> = async (app, { ports, view, encoded }) => {
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'GET', shape: 'item' }, async (served, request, reply) => {
    const { resource } = served
    authorizeObjects(request, 'get', { resource })
    const { namespace = '', name } = request.params
    const representation = representationOf(request, served, { encoded, clock: ports.clock })
    await waitForVersion(ports, queryOf(request))
    const stored = view.get(resource, namespace, name)
    if (stored === undefined) throw notFound(resource, name)
    return sendObject(reply, withHeartbeats(representation, ports.heartbeats), stored.object)
  })
}
