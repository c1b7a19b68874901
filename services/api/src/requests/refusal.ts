import { isRefusal, type Status, StatusError } from '@reckon/kubernetes'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { bodyBytesMax } from './request-body.ts'
import type { RequestFailures } from './request-failures.ts'

/** The only place where an error becomes an answer: a refusal as its own Status, anything else as an internal error. */
export function createErrorHandler(failures: RequestFailures) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = refusalOf(error)
    // If the connection closed while the client still sends, the answer would be lost: read the
    // rest, for at most the time that a request may take.
    if (refusal?.reason === 'RequestEntityTooLarge') reply.removeHeader('connection')
    if (refusal === undefined) failures.note(error, request)
    sendStatus(
      reply,
      refusal?.toStatus() ??
        new StatusError(
          'InternalError',
          'Internal error occurred: the failure is logged',
        ).toStatus(),
    )
  }
}

/** A Status; that of an expired list has a continue token in its metadata. */
export type AnsweredStatus = Omit<Status, 'metadata'> & { metadata: { continue?: string } }

/** Answers with the Status, and the headers that belong to it. */
export function sendStatus(reply: FastifyReply, status: AnsweredStatus): FastifyReply {
  const seconds = status.details?.retryAfterSeconds
  // Clients repeat even a POST that is answered with Retry-After, so a write of unknown outcome
  // gets none.
  if (seconds !== undefined) reply.header('retry-after', seconds)
  reply.code(status.code).header('content-type', 'application/json')
  return reply.send(JSON.stringify(status))
}

function refusalOf(error: unknown): StatusError | undefined {
  if (isRefusal(error, 'ServiceUnavailable') && error.retryAfterSeconds === undefined) {
    return new StatusError('ServiceUnavailable', error.message, {
      ...error.details,
      retryAfterSeconds: 1,
    })
  }
  if (isRefusal(error)) return error
  if (!(error instanceof Error)) return undefined
  const { code, message, statusCode }: Error & Partial<FastifyError> = error
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const why = `Request entity too large: limit is ${bodyBytesMax}`
    return new StatusError('RequestEntityTooLarge', why)
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new StatusError('UnsupportedMediaType', message)
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new StatusError('BadRequest', message)
  }
  return undefined
}
