import type { NodeStream } from '@reckon/node-plane'
import type { FastifyReply } from 'fastify'
import { drained } from '../requests/json-lines.ts'
import { untilGone } from '../requests/until-gone.ts'

/** `type` is the media type of the answer; text by default. */
type Sending = { requestId: string; closing: AbortSignal; type?: string }

/** Answers with the bytes of `stdout` as they arrive, as fast as the client reads. */
export async function sendText(
  reply: FastifyReply,
  stream: NodeStream,
  { requestId, closing, type = 'text/plain' }: Sending,
): Promise<void> {
  const gone = untilGone(reply, closing)
  gone.addEventListener('abort', () => stream.end({ type: 'Cancelled' }))
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-cache, private',
    'audit-id': requestId,
  })
  raw.flushHeaders()
  for await (const bytes of stream.read('stdout')) {
    if (gone.aborted) break
    if (!raw.write(bytes)) await drained(raw, gone)
  }
  // A truncated text must not look complete.
  if ((await stream.ended).type === 'Done') raw.end()
  else raw.destroy()
}
