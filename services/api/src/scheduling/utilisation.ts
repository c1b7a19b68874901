import { utilisationOf } from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import { historyPath } from '../history/events.ts'
import { authorizeKinds } from '../history/kinds-named.ts'
import { queryOf } from '../requests/request-context.ts'
import { type MomentPorts, placedKinds, withClusterAt } from './cluster-at.ts'

/**
 * GET …/utilisation?at=: what there is of CPU, memory and places for pods, and how much of that is asked for, of all
 * nodes together and of each; now or at a moment, which takes the right to its past.
 */
export const utilisation: FastifyPluginAsync<MomentPorts> = async (app, context) => {
  app.get(`${historyPath}/utilisation`, async (request, reply) => {
    if (queryOf(request).at) authorizeKinds(request, placedKinds)
    else for (const resource of placedKinds) request.authorize({ verb: 'list', resource })
    return withClusterAt(context, { request, reply }, ({ position, cluster }) => ({
      position: String(position),
      ...utilisationOf(cluster),
    }))
  })
}
