import { badRequest, type Pod, pods } from '@reckon/kubernetes'
import {
  type NodeStream,
  openStream,
  type ProcessStreams,
  type StreamedContainer,
  type StreamRequest,
} from '@reckon/node-plane'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import type { CommandClient } from './command-client.ts'
import { containerNameOf, runningContainerId } from './container-of-pod.ts'
import { relayCommand } from './relay-command.ts'
import { openSpdyCommand, spdyCommandProtocol } from './spdy-command.ts'
import { identityOf, nodeOf, type PodParams, podOf } from './streamed-pod.ts'
import { checkSpdyProtocol, switchToSpdy } from './switch-protocols.ts'
import { takeOver, wantedProtocol } from './upgrades.ts'
import { openWebSocketCommand, speaksCommands } from './websocket-command.ts'

export type CommandContext = { ports: ApiPorts; closing: AbortSignal }

/** What to ask of the node, for a container whose streams the client wants. */
type Ask = (about: StreamedContainer, streams: ProcessStreams) => StreamRequest

/** Connects a client, over WebSocket or SPDY, with a process in a container. */
export async function streamCommand(
  { ports, closing }: CommandContext,
  { request, reply }: { request: FastifyRequest<{ Params: PodParams }>; reply: FastifyReply },
  { subresource, ask }: { subresource: 'exec' | 'attach'; ask: Ask },
): Promise<void> {
  const verb = request.method === 'GET' ? 'get' : 'create'
  authorizeObjects(request, verb, { resource: pods, subresource })
  const pod = await podOf(ports, request.params)
  const streams = processStreams(request)
  const name = containerNameOf(pod, queryOf(request).container)
  const node = nodeOf(pod)
  const about = containerOf(pod, name)
  const protocol = protocolOf(request)
  const { clock, ids } = ports
  const stream = await openStream({ bus: ports.streams, clock, ids }, node, ask(about, streams))
  const upgrade = takeOver(request, reply)
  try {
    const client =
      protocol === 'websocket'
        ? await openWebSocketCommand(upgrade)
        : await openSpdyCommand(switchToSpdy(upgrade, spdyCommandProtocol), streams, clock)
    await relayed(client, stream, { clock, closing })
  } finally {
    stream.end({ type: 'Cancelled' })
    upgrade.over()
  }
}

async function relayed(
  client: CommandClient | undefined,
  stream: NodeStream,
  ports: Parameters<typeof relayCommand>[2],
): Promise<void> {
  if (client !== undefined) await relayCommand(client, stream, ports)
}

function containerOf(pod: Pod, name: string): StreamedContainer {
  return { pod: identityOf(pod), container: name, id: runningContainerId(pod, name) }
}

/** Refuses impossible requests before anything is started. */
function protocolOf(request: FastifyRequest): 'websocket' | 'spdy/3.1' {
  const protocol = wantedProtocol(request, ['websocket', 'spdy/3.1'])
  if (protocol === 'spdy/3.1') checkSpdyProtocol(request, spdyCommandProtocol)
  else if (!speaksCommands(request.headers['sec-websocket-protocol'])) {
    throw badRequest('none of the WebSocket protocols that the client offers is served')
  }
  return protocol
}

function processStreams(request: FastifyRequest): ProcessStreams {
  const query = queryOf(request)
  const [stdin, stdout, tty] = [query.stdin, query.stdout, query.tty].map(isTrue)
  // With a terminal there is only one output stream.
  const stderr = isTrue(query.stderr) && tty !== true
  const streams = { stdin: stdin === true, stdout: stdout === true, stderr, tty: tty === true }
  if (streams.stdin || streams.stdout || streams.stderr) return streams
  throw badRequest('you must specify at least 1 of stdin, stdout, stderr')
}
