import { badRequest } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { valuesOf } from '../requests/request-context.ts'
import { type CommandContext, streamCommand } from './stream-command.ts'
import { type PodParams, pathOfPod } from './streamed-pod.ts'

/** GET (WebSocket) and POST (SPDY) …/pods/{name}/exec: runs a command in a container. */
export const exec: FastifyPluginAsync<CommandContext> = async (app, context) => {
  app.route<{ Params: PodParams }>({
    method: ['GET', 'POST'],
    url: pathOfPod('exec'),
    handler: (request, reply) => {
      return streamCommand(
        context,
        { request, reply },
        {
          subresource: 'exec',
          ask: (about, streams) => ({
            type: 'Exec',
            ...about,
            command: commandOf(request),
            streams,
          }),
        },
      )
    },
  })
}

function commandOf(request: FastifyRequest): readonly string[] {
  const command = valuesOf(request, 'command')
  if (command.length > 0) return command
  throw badRequest('you must specify at least one command for the container')
}
