import { badRequest, pods } from '@reckon/kubernetes'
import { openStream } from '@reckon/node-plane'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { authorizeObjects } from '../requests/request-context.ts'
import { forwardPorts, type OpenPort } from './forward-ports.ts'
import { pingUntil } from './ping-until.ts'
import { SpdyConnection } from './spdy-connection.ts'
import type { CommandContext } from './stream-command.ts'
import { identityOf, nodeOf, type PodParams, pathOfPod, podOf } from './streamed-pod.ts'
import { checkSpdyProtocol, switchToSpdy } from './switch-protocols.ts'
import { takeOver, type Upgrade, wantedProtocol } from './upgrades.ts'
import { openWebSocketPorts, portsNamed, speaksPortChannels } from './websocket-ports.ts'
import { openWebSocketTunnel, speaksTunnel } from './websocket-tunnel.ts'

const protocol = 'portforward.k8s.io'

/** A client connection over which ports are forwarded. */
type Forwarding = {
  gone: AbortSignal
  ping(): void
  close(): unknown
  forward(openPort: OpenPort): Promise<void>
}

/** GET (WebSocket, also with SPDY within) and POST (SPDY) …/pods/{name}/portforward: connections to ports of a pod. */
export const portForward: FastifyPluginAsync<CommandContext> = async (app, { ports, closing }) => {
  app.route<{ Params: PodParams }>({
    method: ['GET', 'POST'],
    url: pathOfPod('portforward'),
    handler: async (request, reply) => {
      const verb = request.method === 'GET' ? 'get' : 'create'
      authorizeObjects(request, verb, { resource: pods, subresource: 'portforward' })
      const pod = await podOf(ports, request.params)
      const node = nodeOf(pod)
      const opening = openingOf(request)
      const upgrade = takeOver(request, reply)
      const { clock, ids } = ports
      const bus = ports.streams
      const openPort = (port: number) => {
        const asked = { type: 'PortForward', pod: identityOf(pod), port } as const
        return openStream({ bus, clock, ids }, node, asked)
      }
      try {
        const connection = await opening(upgrade)
        if (connection === undefined) return
        const { gone } = connection
        closing.addEventListener('abort', () => void connection.close(), { signal: gone })
        void pingUntil(gone, connection, clock)
        await connection.forward(openPort)
      } finally {
        upgrade.over()
      }
    },
  })
}

/** Switches the connection to the client's protocol; refused where that is not supported. */
function openingOf(request: FastifyRequest): (upgrade: Upgrade) => Promise<Forwarding | undefined> {
  const wanted = wantedProtocol(request, ['websocket', 'spdy/3.1'])
  if (wanted === 'spdy/3.1') {
    checkSpdyProtocol(request, protocol)
    return async (upgrade) => withinSpdy(switchToSpdy(upgrade, protocol))
  }
  const offered = request.headers['sec-websocket-protocol']
  if (speaksTunnel(offered)) {
    return async (upgrade) => {
      const tunnel = await openWebSocketTunnel(upgrade)
      return tunnel && withinSpdy(new SpdyConnection(tunnel))
    }
  }
  if (!speaksPortChannels(offered)) {
    throw badRequest('none of the WebSocket protocols that the client offers is served')
  }
  const named = portsNamed(request.url)
  return (upgrade) => openWebSocketPorts(upgrade, named)
}

const withinSpdy = (connection: SpdyConnection): Forwarding => ({
  gone: connection.gone,
  ping: () => connection.ping(),
  close: () => connection.close(),
  forward: (openPort) => forwardPorts(connection, openPort),
})
