import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { takesGzip } from '../requests/answer-form.ts'
import { readUi, type Ui, type UiFile } from './ui-files.ts'

type Route = { Params: { version: string; '*': string } }

/**
 * GET /ui/: the dashboard. Its files are served to anyone, since they are the same for all; what it shows it reads from
 * the API as the user who looks. Its paths are relative, so that it works behind any prefix.
 */
export const serveUi: FastifyPluginAsync = async (app) => {
  let read: Promise<Ui> | undefined
  // Prepared on the first request: most apis never serve it.
  const ui = () => {
    read ??= readUi().catch((error: unknown) => {
      read = undefined
      throw error
    })
    return read
  }
  app.get('/ui', async (request, reply) => {
    const [path = ''] = request.originalUrl.split('?')
    if (!path.endsWith('/')) return reply.redirect('ui/', 302)
    const { index, contentSecurityPolicy } = await ui()
    reply.header('content-security-policy', contentSecurityPolicy)
    reply.header('cache-control', 'no-cache')
    return send(request, reply, index)
  })
  app.get<Route>('/ui/:version/*', async (request, reply) => {
    const { version, files } = await ui()
    const file = request.params.version === version ? files.get(request.params['*']) : undefined
    if (file === undefined) return reply.callNotFound()
    reply.header('cache-control', 'public, max-age=31536000, immutable')
    return send(request, reply, file)
  })
}

function send(request: FastifyRequest, reply: FastifyReply, { type, plain, gzip }: UiFile) {
  reply.headers({
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    vary: 'Accept-Encoding',
  })
  if (!takesGzip(String(request.headers['accept-encoding'] ?? ''))) return plain
  reply.header('content-encoding', 'gzip')
  return gzip
}
