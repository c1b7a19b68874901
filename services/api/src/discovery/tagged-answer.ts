import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A text and a short hash of it: the same text, the same tag. */
export type Tagged = { text: string | Buffer; tag: string }

/** A text with its tag, to be kept together: of megabytes a hash takes longer than all else of an answer. */
export const tagged = (text: string | Buffer): Tagged => ({
  text,
  tag: createHash('sha512').update(text).digest('hex').slice(0, 64).toUpperCase(),
})

/** Answers with an ETag, as JSON if nothing else is said; 304 if the client has it already. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, tag }: Tagged,
): FastifyReply {
  const etag = `"${tag}"`
  reply.header('etag', etag)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'public')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (!reply.hasHeader('content-type')) reply.header('content-type', 'application/json')
  return reply.send(text)
}
