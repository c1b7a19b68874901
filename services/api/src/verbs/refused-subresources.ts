import { type ResourceTable, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { routeObjects } from '../requests/object-routes.ts'

/** Kubernetes' subresources that are not supported yet are refused by name rather than half done. */
export const refusedSubresources: FastifyPluginAsync<{ resources: ResourceTable }> = async (
  app,
  { resources },
) => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const route = { method, shape: 'item', subresource: ':subresource' } as const
    routeObjects(app, resources, route, async ({ resource, subresource }) => {
      const what = `${resource.plural}/${subresource}`
      throw new StatusError('MethodNotAllowed', `${what} is not supported by this server`)
    })
  }
}
