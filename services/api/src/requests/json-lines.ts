import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Begins an answer that is a stream of JSON lines; returns the sink to write them to. */
export function beginLines(request: FastifyRequest, reply: FastifyReply): ServerResponse {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'audit-id': request.id,
  })
  // Clients wait for the headers before they go on, so do not delay them until the first line.
  raw.flushHeaders()
  return raw
}

/**
 * Answers with one JSON line per item until the items end or the signal aborts. Items are produced only as fast as the
 * client reads. If producing them fails, the answer is broken off, so that it cannot be taken for complete.
 */
export async function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  items: AsyncIterable<object>,
  signal: AbortSignal,
): Promise<void> {
  const raw = beginLines(request, reply)
  try {
    for await (const item of items) {
      if (!raw.write(`${JSON.stringify(item)}\n`)) await drained(raw, signal)
    }
  } catch (error) {
    raw.destroy()
    throw error
  }
  raw.end()
}

/** Resolves when the client reads on, or the signal aborts. */
export async function drained(raw: ServerResponse, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      raw.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    raw.once('drain', done)
    signal.addEventListener('abort', done, { once: true })
  })
}
