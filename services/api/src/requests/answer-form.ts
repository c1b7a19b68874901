import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** Below this compressing costs more than it saves; upstream's limit. */
const compressedBytesMin = 128 * 1024

/** A text as gzip. */
export type Gzip = (text: string) => Promise<Uint8Array>

const onThreads: Gzip = promisify(zlib.gzip)

/**
 * Gives every answer upstream's form: JSON's media type without a charset or quotes, which clients stumble
 * over; long ones as gzip.
 */
export function formAnswers(app: FastifyInstance, gzip: Gzip = onThreads): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const contentType = String(reply.getHeader('content-type') ?? '')
    if (contentType.startsWith('application/json')) {
      const parameters = contentType.replaceAll('"', '').replaceAll('; ', ';')
      reply.header('content-type', parameters.replace(';charset=utf-8', ''))
    }
    const accepted = String(request.headers['accept-encoding'] ?? '')
    const isLong = typeof payload === 'string' && payload.length >= compressedBytesMin
    if (!isLong || !accepted.includes('gzip')) return payload
    reply.header('content-encoding', 'gzip')
    return gzip(payload)
  })
}
