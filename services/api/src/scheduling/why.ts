import { pods } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { historyPath } from '../history/events.ts'
import type { Past } from '../past/past.ts'
import { historyGroup, mayReadPast } from '../past/past-of-request.ts'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import { untilGone } from '../requests/until-gone.ts'
import { answerWhy } from './answer-why.ts'
import type { PresentCluster } from './present-cluster.ts'

type Route = { Params: { namespace: string; name: string } }
type Context = { ports: ApiPorts; past: Past; present: PresentCluster }

/**
 * GET …/pods/{name}/why: every decision about a pod, even a deleted one; for a pending pod also what would help.
 * `node=` asks why it is not on that node, `all=true` for every node's verdict if only a digest is recorded. Users who
 * may not read the past only get the present pod's decisions.
 */
export const why: FastifyPluginAsync<Context> = async (app, { ports, past, present }) => {
  app.get<Route>(`${historyPath}/namespaces/:namespace/pods/:name/why`, async (request, reply) => {
    const ofHistory = { ...pods, group: historyGroup }
    authorizeObjects(request, 'get', { resource: ofHistory, subresource: 'why' })
    const { node, all } = queryOf(request)
    const { log, clock, objects } = ports
    const { namespace, name } = request.params
    const ofNow = mayReadPast(request, pods) ? undefined : objects.get(pods, namespace, name)
    if (ofNow === undefined) authorizeObjects(request, 'past', { resource: ofHistory })
    const question = { namespace, name, node, all: isTrue(all), isOfNow: ofNow !== undefined }
    return answerWhy({ log, clock, objects, past, present }, question, untilGone(reply))
  })
}
