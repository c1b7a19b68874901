import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A text with a short hash of it as its ETag. */
export type Tagged = { text: string | Buffer; tag: string }

/** A text with its tag. Cache them together: hashing megabytes takes longer than the rest of the answer. */
export const tagged = (text: string | Buffer): Tagged => ({
  text,
  tag: createHash('sha512').update(text).digest('hex').slice(0, 64).toUpperCase(),
})

/** Answers with an ETag, as JSON unless another type is given; 304 if the client has it already. */
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
