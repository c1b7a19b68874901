import type { NodeStream } from '@reckon/node-plane'
import type { FastifyReply } from 'fastify'
import { drained, untilGone } from '../requests/json-lines.ts'

/** Answers what comes on `stdout` as it comes, as fast as the client takes it. */
export async function sendText(
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
