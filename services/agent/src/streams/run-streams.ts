import { MalformedMessages } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { type NodeStream, type StreamRequest, serveStreams } from '@reckon/node-plane'
import type { NodeContext } from '../node/node-context.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { answerNode } from './answer-node.ts'
import { streamLog } from './stream-log.ts'
import { streamPort } from './stream-port.ts'
import { streamProcess } from './stream-process.ts'
import { streamedContainer } from './streamed-container.ts'

/** Serves the streams that apis request from this node, until the signal aborts. */
export function runStreams(node: NodeContext, signal: AbortSignal): Promise<void> {
  const { streams: bus, clock, log } = node.ports
  const malformed = new MalformedMessages(log)
  const answer = async (request: StreamRequest, stream: NodeStream) => {
    try {
      return await answerOf(node, request, stream)
    } catch (error) {
      if (!(error instanceof RuntimeRefusal)) throw error
      throw new StatusError('InternalError', error.message)
    }
  }
  return serveStreams({ bus, clock, malformed }, node.configuration.nodeName, answer, signal)
}

async function answerOf(node: NodeContext, request: StreamRequest, stream: NodeStream) {
  const { ports } = node
  const { runtime } = ports
  switch (request.type) {
    case 'Log':
      return streamLog(ports, request, stream)
    case 'Exec': {
      const { id } = await streamedContainer(runtime, request)
      return streamProcess(await runtime.startProcess(id, request.command, request.streams), stream)
    }
    case 'Attach': {
      const { id } = await streamedContainer(runtime, request)
      return streamProcess(await runtime.attach(id, request.streams), stream)
    }
    case 'PortForward':
      return streamPort(ports, request, stream)
    case 'Node':
      return answerNode(node, request.question, stream)
  }
}
