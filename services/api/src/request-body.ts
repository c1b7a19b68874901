import {
  badRequest,
  fromProtobuf,
  isJsonObject,
  type JsonObject,
  protobufMediaType,
  StatusError,
} from '@reckon/kubernetes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse as parseYaml } from 'yaml'
import type { Sent } from './decoded-object.ts'

/** The longest body that is read, as upstream. */
export const bodyBytesMax = 3 * 1024 * 1024

const accepted = ['application/json', 'application/yaml', protobufMediaType]

/** Takes every body as it is; what it means is decided by `sentObject` and `patchOf`, where refusals have a form. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  )
}

/** The media type of a request's body, without parameters; kubectl sends some bodies without any. */
export function mediaTypeOf(request: FastifyRequest): string {
  const contentType = request.headers['content-type'] ?? 'application/json'
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

/** The text of the body; empty if there is none. */
export function textOf(request: FastifyRequest): string {
  const body = request.body as Buffer | string | null | undefined
  return body === undefined || body === null ? '' : body.toString()
}

/** An object, from JSON, YAML or protobuf; other media types are refused with 415, an empty body with 400. */
export function sentObject(request: FastifyRequest): Sent {
  const mediaType = mediaTypeOf(request)
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(mediaType, accepted)
  const text = textOf(request)
  if (text.trim() === '') throw badRequest('the request has no body, an object is expected')
  if (mediaType === protobufMediaType) return { value: fromProtobuf(request.body as Buffer) }
  if (mediaType === 'application/json') return { text }
  return { text: JSON.stringify(parsed(text, parseYaml)) }
}

/** An object that is no resource: options, a Scale, a Binding. Undefined when the body is empty. */
export function plainObject(request: FastifyRequest): JsonObject | undefined {
  if (textOf(request).trim() === '') return undefined
  const sent = sentObject(request)
  const value = 'text' in sent ? parsed(sent.text, JSON.parse) : sent.value
  if (!isJsonObject(value)) throw badRequest('the request body is not a JSON object')
  return value
}

/** JSON or YAML text as a value; refused with 400 if it is none. */
export function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw badRequest(`the request body is not readable: ${(error as Error).message}`)
  }
}

/** `the body of the request was in an unknown format - accepted media types include: …`. */
export function unsupportedMediaType(mediaType: string, types: readonly string[]): StatusError {
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format (${mediaType}) - accepted media types include: ${types.join(', ')}`,
  )
}
