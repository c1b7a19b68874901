import { notFound } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { changedObject, preconditionsOf } from './changed-object.ts'
import { patchedBy } from './patch.ts'
import type { ApiPorts } from './ports.ts'
import { replacementOf } from './replace.ts'
import { representationOf } from './representation.ts'
import { authorizeObjects, queryOf } from './request-context.ts'
import { waitForVersion } from './resource-version.ts'
import { type ObjectParams, servedResources } from './served-resources.ts'

/** …/{name}/status: the object, of which only the status can be written here. */
export const status: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  for (const served of servedResources) {
    const { resource } = served
    if (!resource.subresources.includes('status')) continue
    const path = `${served.item}/status`
    const subresource = 'status'
    const about = { resource, subresource } as const

    app.get<{ Params: ObjectParams }>(path, async (request) => {
      authorizeObjects(request, 'get', about)
      const representation = representationOf(request, served, new Date(ports.clock.now()))
      await waitForVersion(ports, queryOf(request))
      const { namespace = '', name } = request.params
      const stored = ports.objects.get(resource, namespace, name)
      if (stored === undefined) throw notFound(resource, name)
      return representation.one(stored.object)
    })
    app.put<{ Params: ObjectParams }>(path, async (request, reply) => {
      authorizeObjects(request, 'update', about)
      const object = replacementOf(served, request, reply)
      const preconditions = preconditionsOf(object)
      const change = () => object
      const verb = 'update'
      return changedObject(ports, { served, request, verb, subresource, preconditions, change })
    })
    app.patch<{ Params: ObjectParams }>(path, async (request, reply) => {
      authorizeObjects(request, 'patch', about)
      const change = patchedBy(served, request, reply)
      return changedObject(ports, { served, request, verb: 'patch', subresource, change })
    })
  }
}
