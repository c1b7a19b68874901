import type { Clock } from '@reckon/eventing/bus'
import type { LogOptions, NodeStream, StreamOutcome, StreamRequest } from '@reckon/node-plane'
import type { AgentPorts } from '../agent-ports.ts'
import type { LogSelection } from '../runtime/runtime.ts'
import { streamedContainer } from './streamed-container.ts'

/** Streams a container's log, with `follow` also what it goes on to write. */
export async function streamLog(
  { runtime, clock }: AgentPorts,
  request: StreamRequest & { type: 'Log' },
  stream: NodeStream,
): Promise<StreamOutcome> {
  const { id } = await streamedContainer(runtime, request)
  const { options } = request
  let leftBytes = options.limitBytes ?? Number.POSITIVE_INFINITY
  const enough = new AbortController()
  const signal = AbortSignal.any([stream.signal, enough.signal])
  stream.confirm()
  for await (const bytes of runtime.log(id, selectionOf(options, clock), signal)) {
    const isTaken = await stream.write('stdout', bytes.subarray(0, leftBytes))
    leftBytes -= bytes.length
    if (!isTaken || leftBytes <= 0) break
  }
  enough.abort()
  return { type: 'Done', exitCode: 0 }
}

function selectionOf(options: LogOptions, clock: Clock): LogSelection {
  const { follow, timestamps, sinceSeconds, sinceTime, tailLines } = options
  const sinceMs =
    sinceSeconds === undefined ? Date.parse(sinceTime ?? '') : clock.now() - sinceSeconds * 1000
  return {
    follow,
    timestamps,
    ...(Number.isFinite(sinceMs) && { sinceMs }),
    ...(tailLines !== undefined && { tailLines }),
  }
}
