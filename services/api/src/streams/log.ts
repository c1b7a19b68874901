import { pods } from '@reckon/kubernetes'
import { type NodeStream, openStream } from '@reckon/node-plane'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { drained, untilGone } from '../requests/json-lines.ts'
import { authorizeObjects, isTrue, queryOf } from '../requests/request-context.ts'
import { containerNameOf, loggedContainerId } from './container-of-pod.ts'
import { logOptionsOf } from './log-options.ts'
import { identityOf, type PodParams, pathOfPod, podOf } from './streamed-pod.ts'

type Context = { ports: ApiPorts; closing: AbortSignal }

/** GET …/pods/{name}/log: what a container has written, as text. */
export const log: FastifyPluginAsync<Context> = async (app, { ports, closing }) => {
  app.get<{ Params: PodParams }>(pathOfPod('log'), async (request, reply) => {
    authorizeObjects(request, 'get', { resource: pods, subresource: 'log' })
    const query = queryOf(request)
    const options = logOptionsOf(query)
    const pod = await podOf(ports, request.params)
    const container = containerNameOf(pod, query.container)
    const { nodeName } = pod.spec
    // As upstream: of a pod that is nowhere yet there is nothing to read.
    if (!nodeName) return reply.type('text/plain').send('')
    const id = loggedContainerId(pod, container, isTrue(query.previous))
    const about = { pod: identityOf(pod), container, id }
    const bus = ports.streams
    const stream = await openStream({ ...ports, bus }, nodeName, { type: 'Log', ...about, options })
    await sendText(reply, stream, { requestId: request.id, closing })
  })
}

/** Answers what comes on `stdout` as it comes, as fast as the client takes it. */
async function sendText(
  reply: FastifyReply,
  stream: NodeStream,
  { requestId, closing }: { requestId: string; closing: AbortSignal },
): Promise<void> {
  const gone = untilGone(reply, closing)
  gone.addEventListener('abort', () => stream.end({ type: 'Cancelled' }))
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/plain',
    'cache-control': 'no-cache, private',
    'audit-id': requestId,
  })
  raw.flushHeaders()
  for await (const bytes of stream.read('stdout')) {
    if (gone.aborted) break
    if (!raw.write(bytes)) await drained(raw, gone)
  }
  // A text that is not whole must not look so.
  if ((await stream.ended).type === 'Done') raw.end()
  else raw.destroy()
}
