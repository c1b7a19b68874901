import { notFound } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, queryOf } from '../requests/request-context.ts'
import { representationOf } from './representation.ts'
import { waitForVersion } from './resource-version.ts'

/** GET …/{name}: one object. */
export const get: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { resources } = ports.objects
  routeObjects(app, resources, { method: 'GET', shape: 'item' }, async (served, request) => {
    const { resource } = served
    authorizeObjects(request, 'get', { resource })
    const { namespace = '', name } = request.params
    const representation = representationOf(request, served, new Date(ports.clock.now()))
    await waitForVersion(ports, queryOf(request))
    const stored = ports.objects.get(resource, namespace, name)
    if (stored === undefined) throw notFound(resource, name)
    return representation.one(stored.object)
  })
}
