import { utilisationOf } from '@reckon/scheduling'
import type { FastifyPluginAsync } from 'fastify'
import { queryOf } from '../requests/request-context.ts'
import { waitForVersion } from '../verbs/resource-version.ts'
import { clusterAt, type MomentPorts, placedKinds } from './cluster-at.ts'
import { historyPath } from './events.ts'
import { authorizeKinds } from './kinds-named.ts'

type Utilised = { position: string } & ReturnType<typeof utilisationOf>

/**
 * GET …/utilisation?at=: what there is of CPU, memory and places for pods, and how much of that is asked for, of all
 * nodes together and of each; now or at a moment, which takes the right to its past.
 */
export const utilisation: FastifyPluginAsync<MomentPorts> = async (app, context) => {
  const { ports } = context
  // Who looks on asks every few seconds, and several do.
  let last: Utilised | undefined
  app.get(`${historyPath}/utilisation`, async (request, reply): Promise<Utilised> => {
    const { at } = queryOf(request)
    if (at) authorizeKinds(request, placedKinds)
    else for (const resource of placedKinds) request.authorize({ verb: 'list', resource })
    if (!at && last !== undefined) {
      await waitForVersion(ports, {})
      if (last.position === String(ports.objects.position)) return last
    }
    const { position, cluster } = await clusterAt(context, request, reply)
    const found = { position: String(position), ...utilisationOf(cluster) }
    if (!at) last = found
    return found
  })
}
