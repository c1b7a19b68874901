import {
  AccessDeniedError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { messageOf, StatusError } from '@reckon/kubernetes'

/** How the client's message begins where a store rejects an append for a reason that the client has no class for. */
const strangeMark = /^Could not recognize /

/**
 * The client's error as a refusal of the port; undefined where the stream does not exist. `otherwise` is the reason for
 * every other failure: the store being away, for a read; an unknown outcome, for a write.
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
  const because = said || unsaid(error)
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

/** What an error without words tells. */
const unsaid = (error: unknown): string =>
  error instanceof DeadlineExceededError ? 'it was too busy to do so in time' : 'it gave no reason'

/** The refusal for a call that certainly did not reach the store; the client may retry after a second. */
export const unavailable = (message: string, cause?: unknown): StatusError =>
  new StatusError('ServiceUnavailable', message, { retryAfterSeconds: 1 }, { cause })

/** The stream's last revision, where the error says that another writer was first. */
export function wrongExpected(error: unknown): bigint | 'NoStream' | undefined {
  if (!(error instanceof WrongExpectedVersionError)) return undefined
  const { actualVersion } = error
  return actualVersion === NO_STREAM ? 'NoStream' : BigInt(actualVersion)
}

/**
 * Whether an unhandled rejection comes from the published client itself: when a batch stream breaks, a write that
 * waited for it is rejected twice, once to its caller and once to nobody. (Our patched client does not do this.)
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
