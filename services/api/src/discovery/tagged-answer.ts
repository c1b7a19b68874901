import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A short hash of a text: the same text, the same tag. */
export const tagOf = (text: string | Buffer): string =>
  createHash('sha512').update(text).digest('hex').slice(0, 64).toUpperCase()

/** Answers with an ETag, as JSON if nothing else is said; 304 if the client has it already. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string | Buffer,
): FastifyReply {
  const tag = `"${tagOf(text)}"`
  reply.header('etag', tag)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'public')
  if (request.headers['if-none-match'] === tag) return reply.code(304).send()
  if (!reply.hasHeader('content-type')) reply.header('content-type', 'application/json')
  return reply.send(text)
}
