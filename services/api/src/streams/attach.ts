import type { FastifyPluginAsync } from 'fastify'
import { type CommandContext, streamCommand } from './stream-command.ts'
import { type PodParams, pathOfPod } from './streamed-pod.ts'

/** GET (WebSocket) and POST (SPDY) …/pods/{name}/attach: attaches to the main process of a container. */
export const attach: FastifyPluginAsync<CommandContext> = async (app, context) => {
  app.route<{ Params: PodParams }>({
    method: ['GET', 'POST'],
    url: pathOfPod('attach'),
    handler: (request, reply) =>
      streamCommand(
        context,
        { request, reply },
        {
          subresource: 'attach',
          ask: (about, streams) => ({ type: 'Attach', ...about, streams }),
        },
      ),
  })
}
