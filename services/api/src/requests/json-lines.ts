import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Begins an answer that goes on as a stream of lines of JSON: what to write them to. */
export function beginLines(request: FastifyRequest, reply: FastifyReply): ServerResponse {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'audit-id': request.id,
  })
  // Clients wait for the headers before they go on, however long the first line takes.
  raw.flushHeaders()
  return raw
}

/**
 * Answers one line of JSON for each item until they end. Nothing is made ahead of time for a slow client, nor waited
 * for once the signal aborts. Where items fail, the answer is broken off: it must not be taken for all of them.
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

/** Resolves when more of the answer is taken, or the signal aborts. */
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
