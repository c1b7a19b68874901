import { isOfGone } from '@reckon/writing'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { sendList } from '../representation/answer.ts'
import type { EncodedObjects } from '../representation/encoded-objects.ts'
import { representationOf } from '../representation/representation-of.ts'
import { routeObjects } from '../requests/object-routes.ts'
import { authorizeObjects, originOf, queryOf } from '../requests/request-context.ts'
import { deleted, deleteOptionsOf } from './delete.ts'
import { waitForVersion } from './resource-version.ts'
import { selectionOf } from './selection.ts'

type Context = { ports: ApiPorts; encoded: EncodedObjects }

/** DELETE of a collection: deletes each selected object and answers with what was deleted. */
export const deleteCollection: FastifyPluginAsync<Context> = async (app, { ports, encoded }) => {
  const { resources } = ports.objects
  routeObjects(
    app,
    resources,
    { method: 'DELETE', shape: 'collection' },
    async (served, request, reply) => {
      const { resource } = served
      authorizeObjects(request, 'deletecollection', served)
      const { namespace } = request.params
      const selection = selectionOf(resource, queryOf(request), namespace)
      const { dryRun, preconditions, ...options } = deleteOptionsOf(request)
      const origin = originOf(request, 'deletecollection')
      const representation = representationOf(request, served, { encoded, clock: ports.clock })
      await waitForVersion(ports, {})
      const selected = ports.objects
        .list(resource, namespace)
        .map(({ object }) => object)
        .filter(selection.matches)
      for (const object of selected) {
        const { name, uid = '' } = object.metadata
        const target = { resource, namespace: namespace ?? '', name }
        try {
          const only = { uid, ...preconditions }
          await deleted(ports, { target, origin, ...options, preconditions: only }, dryRun)
        } catch (error) {
          // Somebody else deleted it meanwhile, or a new one has its name: not the one listed.
          if (!isOfGone(error)) throw error
        }
      }
      const meta = { resourceVersion: String(ports.objects.position ?? 0n) }
      const items = selected.map((object) => ({ object }))
      return sendList({ reply, clock: ports.clock }, representation, { items, meta })
    },
  )
}
