import { notFound } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from './ports.ts'
import { representationOf } from './representation.ts'
import { authorizeObjects, queryOf } from './request-context.ts'
import { waitForVersion } from './resource-version.ts'
import { type ObjectParams, servedResources } from './served-resources.ts'

/** GET …/{name}: one object. */
export const get: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  for (const served of servedResources) {
    const { resource } = served
    app.get<{ Params: ObjectParams }>(served.item, async (request) => {
      authorizeObjects(request, 'get', { resource })
      const { namespace = '', name } = request.params
      const representation = representationOf(request, served, new Date(ports.clock.now()))
      await waitForVersion(ports, queryOf(request))
      const stored = ports.objects.get(resource, namespace, name)
      if (stored === undefined) throw notFound(resource, name)
      return representation.one(stored.object)
    })
  }
}
