import { badRequest, pods } from '@reckon/kubernetes'
import { openStream } from '@reckon/node-plane'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authorizeObjects } from '../requests/request-context.ts'
import { forwardPorts } from './forward-ports.ts'
import { pingUntil } from './ping-until.ts'
import { SpdyConnection } from './spdy-connection.ts'
import type { CommandContext } from './stream-command.ts'
import { identityOf, nodeOf, type PodParams, pathOfPod, podOf } from './streamed-pod.ts'
import { checkSpdyProtocol, switchToSpdy } from './switch-protocols.ts'
import { takeOver, type Upgrade, wantedProtocol } from './upgrades.ts'
import { openWebSocketTunnel, speaksTunnel } from './websocket-tunnel.ts'

const protocol = 'portforward.k8s.io'

/** GET (SPDY within WebSocket) and POST (SPDY) …/pods/{name}/portforward: connections to ports of a pod. */
export const portForward: FastifyPluginAsync<CommandContext> = async (app, { ports, closing }) => {
  app.route<{ Params: PodParams }>({
    method: ['GET', 'POST'],
    url: pathOfPod('portforward'),
    handler: async (request, reply) => {
      const verb = request.method === 'GET' ? 'get' : 'create'
      authorizeObjects(request, verb, { resource: pods, subresource: 'portforward' })
      const pod = await podOf(ports, request.params)
      const node = nodeOf(pod)
      const isTunnelled = checkProtocol(request) === 'websocket'
      const upgrade = takeOver(request, reply)
      const { clock, ids } = ports
      const bus = ports.streams
      const openPort = (port: number) => {
        const asked = { type: 'PortForward', pod: identityOf(pod), port } as const
        return openStream({ bus, clock, ids }, node, asked)
      }
      try {
        const connection = await connectionOf(upgrade, isTunnelled)
        if (connection === undefined) return
        const { gone } = connection
        closing.addEventListener('abort', () => void connection.close(), { signal: gone })
        void pingUntil(gone, connection, clock)
        await forwardPorts(connection, openPort)
      } finally {
        upgrade.over()
      }
    },
  })
}

function checkProtocol(request: FastifyRequest): 'websocket' | 'spdy/3.1' {
  const wanted = wantedProtocol(request, ['websocket', 'spdy/3.1'])
  if (wanted === 'spdy/3.1') checkSpdyProtocol(request, protocol)
  else if (!speaksTunnel(request.headers['sec-websocket-protocol'])) {
    throw badRequest('none of the WebSocket protocols that the client offers is served')
  }
  return wanted
}

async function connectionOf(
  upgrade: Upgrade,
  isTunnelled: boolean,
): Promise<SpdyConnection | undefined> {
  if (!isTunnelled) return switchToSpdy(upgrade, protocol)
  const tunnel = await openWebSocketTunnel(upgrade)
  return tunnel && new SpdyConnection(tunnel)
}
