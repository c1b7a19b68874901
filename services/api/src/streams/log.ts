import { pods } from '@reckon/kubernetes'
import { openStream } from '@reckon/node-plane'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import { containerNameOf, loggedContainerId } from './container-of-pod.ts'
import { logOptionsOf } from './log-options.ts'
import { sendText } from './send-text.ts'
import { identityOf, type PodParams, pathOfPod, podOf } from './streamed-pod.ts'

type Context = { ports: ApiPorts; closing: AbortSignal }

/** GET …/pods/{name}/log: a container's output, as text. */
export const log: FastifyPluginAsync<Context> = async (app, { ports, closing }) => {
  app.get<{ Params: PodParams }>(pathOfPod('log'), async (request, reply) => {
    authorizeObjects(request, 'get', { resource: pods, subresource: 'log' })
    const query = queryOf(request)
    const options = logOptionsOf(query)
    const pod = await podOf(ports, request.params)
    const container = containerNameOf(pod, query.container)
    const { nodeName } = pod.spec
    // As upstream, an unscheduled pod has an empty log.
    if (!nodeName) return reply.type('text/plain').send('')
    const id = loggedContainerId(pod, container, isTrue(query.previous))
    const about = { pod: identityOf(pod), container, id }
    const bus = ports.streams
    const stream = await openStream({ ...ports, bus }, nodeName, { type: 'Log', ...about, options })
    await sendText(reply, stream, { requestId: request.id, closing })
  })
}
