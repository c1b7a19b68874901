import { MalformedMessages } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { type NodeStream, type StreamRequest, serveStreams } from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { streamLog } from './stream-log.ts'
import { streamPort } from './stream-port.ts'
import { streamProcess } from './stream-process.ts'
import { streamedContainer } from './streamed-container.ts'

/** Serves the streams that api asks this node for, until the signal aborts. */
export function runStreams(ports: AgentPorts, node: string, signal: AbortSignal): Promise<void> {
  const { streams: bus, clock, log } = ports
  const malformed = new MalformedMessages(log)
  const answer = async (request: StreamRequest, stream: NodeStream) => {
    try {
      return await answerOf(ports, request, stream)
    } catch (error) {
      if (!(error instanceof RuntimeRefusal)) throw error
      throw new StatusError('InternalError', error.message)
    }
  }
  return serveStreams({ bus, clock, malformed }, node, answer, signal)
}

async function answerOf(ports: AgentPorts, request: StreamRequest, stream: NodeStream) {
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
  }
}
