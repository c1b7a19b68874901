import { MalformedMessages } from '@reckon/eventing/bus'
import { StatusError } from '@reckon/kubernetes'
import { type NodeStream, type StreamRequest, serveStreams } from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { streamLog } from './stream-log.ts'

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
  if (request.type === 'Log') return streamLog(ports, request, stream)
  throw new StatusError('BadRequest', `this node serves no ${request.type} yet`)
}
