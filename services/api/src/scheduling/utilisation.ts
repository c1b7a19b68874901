import { utilisationOf } from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import { historyPath } from '../history/events.ts'
import { authorizeKinds } from '../history/kinds-named.ts'
import { queryOf } from '../requests/request-context.ts'
import { type MomentPorts, placedKinds, withClusterAt } from './cluster-at.ts'

/**
 * GET …/utilisation?at=: the capacity for CPU, memory and pods, and how much of it is requested, in total and by node;
 * now or at a moment, which requires the right to its past.
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
