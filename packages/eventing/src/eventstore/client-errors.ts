import {
  AccessDeniedError,
  MaxAppendSizeExceededError,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { messageOf, StatusError } from '@reckon/kubernetes'

/** How the client begins what a store says of a failed append, where it has no class for that. */
const strangeMark = /^Could not recognize /

/**
 * What the client's error means in the port's words; undefined for a stream that is not there. `otherwise` is the
 * reason for whatever else went wrong: the store away for a read, an unknown outcome for a write.
 */
export function refusalOf(
  error: unknown,
  otherwise: 'ServiceUnavailable' | 'Timeout',
): StatusError | undefined {
  if (error instanceof StatusError) return error
  if (error instanceof StreamNotFoundError) return undefined
  if (error instanceof StreamDeletedError) {
    return new StatusError('Gone', `stream "${error.streamName}" is tombstoned`)
  }
  if (error instanceof MaxAppendSizeExceededError) {
    const limit = error.maxAppendSize
    return new StatusError('RequestEntityTooLarge', `the event log records at most ${limit} bytes`)
  }
  if (error instanceof AccessDeniedError) {
    return unavailable('the event store refuses these credentials', error)
  }
  const said = messageOf(error).replace(strangeMark, '')
  const because = said || 'it gave no reason'
  if (otherwise === 'ServiceUnavailable')
    return unavailable(`the event store is away: ${because}`, error)
  return new StatusError(
    'Timeout',
    `the event log did not confirm that it recorded it: ${because}`,
    undefined,
    {
      cause: error,
    },
  )
}

/** The store was surely not reached: the client may ask again in a second. */
export const unavailable = (message: string, cause?: unknown): StatusError =>
  new StatusError('ServiceUnavailable', message, { retryAfterSeconds: 1 }, { cause })

/** The stream's last revision, if the error says that another writer was first. */
export function wrongExpected(error: unknown): bigint | 'NoStream' | undefined {
  if (!(error instanceof WrongExpectedVersionError)) return undefined
  const { actualVersion } = error
  return actualVersion === NO_STREAM ? 'NoStream' : BigInt(actualVersion)
}

/**
 * Whether a rejection that nobody awaited comes from the client itself, as published: a write that waited for a batch
 * stream is rejected twice when that stream breaks, and only once to its caller. (Ours is patched.)
 */
export function isStrayRejection(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'number' &&
    'details' in error &&
    'metadata' in error
  )
}
