import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { asksForYaml } from '../representation/media-types.ts'
import { yamlText } from '../representation/yaml-text.ts'

/** Smaller answers are not compressed: it costs more than it saves. Upstream's limit. */
const compressedBytesMin = 128 * 1024

/** The cheapest level, as upstream. */
const level = zlib.constants.Z_BEST_SPEED

/** Compresses a whole answer. */
export type Gzip = (answer: string | Uint8Array) => Promise<Uint8Array>

const gzip = promisify(zlib.gzip)
const onThreads: Gzip = (answer) => gzip(answer, { level })

/** Whether an Accept-Encoding header accepts gzip (and does not exclude it by `gzip;q=0`). */
export function takesGzip(accepted: string): boolean {
  const codings = accepted.split(',').map((coding) => coding.trim().toLowerCase())
  return codings.some((coding) => /^gzip(?!\s*;\s*q=0(\.0*)?$)(\s*;|$)/.test(coding))
}

const json = 'application/json'

/** JSON's media type without a charset or quotes. */
const plainJson = (contentType: string): string =>
  contentType.replaceAll('"', '').replaceAll('; ', ';').replace(';charset=utf-8', '')

/**
 * Gives every answer upstream's form: JSON's media type without a charset, over which clients stumble, or YAML where it
 * is asked for; long ones compressed.
 */
export function formAnswers(app: FastifyInstance, compress: Gzip = onThreads): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const contentType = String(reply.getHeader('content-type') ?? '')
    const isJson = contentType.startsWith(json)
    if (isJson) reply.header('content-type', plainJson(contentType))
    const { 'accept-encoding': accepted, accept } = request.headers
    const answer = isJson && asksForYaml(accept) ? inYaml(reply, payload) : payload
    if (!accepted || !takesGzip(String(accepted))) return done(null, answer)
    if (answer instanceof Readable) {
      reply.header('content-encoding', 'gzip')
      const compressed = pipeline(answer, zlib.createGzip({ level }), () => {})
      return done(null, compressed)
    }
    const isBuffered = typeof answer === 'string' || answer instanceof Uint8Array
    if (!isBuffered || answer.length < compressedBytesMin) return done(null, answer)
    reply.header('content-encoding', 'gzip')
    compress(answer).then((compressed) => done(null, compressed), done)
  })
}

/** Converts a whole JSON answer to YAML; answers sent in pieces are YAML already. */
function inYaml(reply: FastifyReply, answer: unknown): unknown {
  if (typeof answer !== 'string' && !(answer instanceof Uint8Array)) return answer
  reply.header('content-type', 'application/yaml')
  return yamlText(Buffer.from(answer).toString())
}
