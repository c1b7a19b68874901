import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requestInfoOf } from '../requests/request-info.ts'
import type { Moment } from './moment.ts'

/**
 * Sets the caching headers of an answer about the past: at a fixed position it never changes. Secrets must not be
 * cached, because their keys can be destroyed; nor Events, because they are computed from whatever the answering api
 * still remembers.
 */
export function keepAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const { moment } = request
    const isKept = moment !== undefined && reply.statusCode === 200 && !reply.hasHeader('etag')
    if (!isKept) return done(null, payload)
    const { resource } = requestInfoOf(moment.resources, request.method, request.url)
    reply.header('cache-control', cacheControlOf(resource))
    reply.header('vary', 'Accept, Authorization, X-Reckon-Ui')
    if (resource === 'events') return done(null, payload)
    const tag = tagOf(request, moment)
    reply.header('etag', tag)
    if (request.headers['if-none-match'] !== tag) return done(null, payload)
    if (payload instanceof Readable) payload.destroy()
    reply.code(304)
    done(null, '')
  })
}

/** A weak ETag, because the same answer may also be sent as gzip. */
function tagOf({ url, headers }: FastifyRequest, { position, timeMs }: Moment): string {
  const told = JSON.stringify([url, headers.accept, timeMs])
  return `W/"${position}-${createHash('sha256').update(told).digest('base64url').slice(0, 22)}"`
}

function cacheControlOf(resource: string): string {
  if (resource === 'secrets') return 'no-store'
  if (resource === 'events') return 'private, no-cache'
  return 'private, max-age=3600, immutable'
}
