import {
  badRequest,
  decodeOptions,
  fromProtobuf,
  isRefusal,
  jsonProblem,
  type Options,
  type OptionsKind,
  parseJson,
  protobufMediaType,
  StatusError,
} from '@reckon/kubernetes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseYaml } from './yaml-body.ts'

/** The body of a request: as JSON text, or as the value parsed from YAML or protobuf. */
export type Sent = { text: string } | { value: unknown }

/** The maximum size of a body, as upstream. */
export const bodyBytesMax = 3 * 1024 * 1024

const accepted = ['application/json', 'application/yaml', protobufMediaType]

/** Accepts every body unparsed; `sentObject` and `patchOf` parse it, where a refusal can be a Status. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) =>
      done(null, body),
  )
}

/** The media type of a request's body without parameters; kubectl sends some bodies without a type. */
export function mediaTypeOf(request: FastifyRequest): string {
  const contentType = request.headers['content-type'] ?? 'application/json'
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

/** The raw body, if there is one. */
const bodyOf = ({ body }: FastifyRequest): Buffer | undefined =>
  Buffer.isBuffer(body) ? body : undefined

/** The text of the body; empty if there is none. */
export function textOf(request: FastifyRequest): string {
  return bodyOf(request)?.toString() ?? ''
}

/** An object as JSON, YAML or protobuf; other media types are refused with 415, an empty body with 400. */
export function sentObject(request: FastifyRequest): Sent {
  const mediaType = mediaTypeOf(request)
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(mediaType, accepted)
  const body = bodyOf(request)
  const text = body?.toString() ?? ''
  if (!body || text.trim() === '') {
    throw badRequest('the request has no body, an object is expected')
  }
  if (mediaType === protobufMediaType) return { value: fromProtobuf(body) }
  if (mediaType === 'application/json') return { text }
  return { value: parseYaml(text) }
}

/** An object that is not a resource: options, a Scale, a Binding. Undefined when the body is empty. */
export function plainObject<Kind extends OptionsKind>(
  request: FastifyRequest,
  kind: Kind,
): Partial<Options[Kind]> | undefined {
  if (textOf(request).trim() === '') return undefined
  const sent = sentObject(request)
  return decodeOptions(kind, 'text' in sent ? parsedJson(sent.text) : sent.value)
}

/** Parses JSON; refused with 400 if it is malformed. */
export function parsedJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (isRefusal(error)) throw error
    throw badRequest(`the request body is not readable: ${jsonProblem(error)}`)
  }
}

/** `the body of the request was in an unknown format - accepted media types include: …`. */
export function unsupportedMediaType(mediaType: string, types: readonly string[]): StatusError {
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format (${mediaType}) - accepted media types include: ${types.join(', ')}`,
  )
}
