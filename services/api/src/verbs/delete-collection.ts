import { isOfGone } from '@reckon/writing'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, originOf, queryOf } from '../requests/request-context.ts'
import { deleted, deleteOptionsOf } from './delete.ts'
import { representationOf } from './representation.ts'
import { waitForVersion } from './resource-version.ts'
import { selectionOf } from './selection.ts'

/** DELETE of a collection: every selected object in it, one by one; answers what was deleted. */
export const deleteCollection: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { resources } = ports.objects
  routeObjects(
    app,
    resources,
    { method: 'DELETE', shape: 'collection' },
    async (served, request) => {
      const { resource } = served
      authorizeObjects(request, 'deletecollection', served)
      const { namespace } = request.params
      const selection = selectionOf(resource, queryOf(request), namespace)
      const { dryRun, preconditions, ...options } = deleteOptionsOf(request)
      const origin = originOf(request, 'deletecollection')
      const representation = representationOf(request, served, new Date(ports.clock.now()))
      await waitForVersion(ports, {})
      const selected = ports.objects
        .list(resource, namespace)
        .filter(({ object }) => selection.matches(object))
      for (const { object } of selected) {
        const { name, uid = '' } = object.metadata
        const target = { resource, namespace: namespace ?? '', name }
        try {
          const only = { uid, ...preconditions }
          await deleted(ports, { target, origin, ...options, preconditions: only }, dryRun)
        } catch (error) {
          // Somebody else deleted it meanwhile, or it is another one by now: not what was listed.
          if (!isOfGone(error)) throw error
        }
      }
      return representation.list(
        selected.map(({ object }) => object),
        { resourceVersion: String(ports.objects.position ?? 0n) },
      )
    },
  )
}
