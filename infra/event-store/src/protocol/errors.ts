import { Metadata, status } from '@grpc/grpc-js'
import type { ExpectedRevision } from '../appending/commit-check.ts'
import type { WriteFault } from '../appending/write-rules.ts'
import { explainStorageError } from '../storage/database.ts'

/** Ends a call with a status; the client chooses its error class by the trailer `exception`. */
export class Refusal extends Error {
  readonly code: status
  readonly details: string
  readonly metadata: Metadata

  constructor(code: status, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details)
    this.code = code
    // Status text and trailers travel as HTTP headers, which carry printable ASCII only.
    this.details = ascii(details)
    this.metadata = new Metadata()
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, ascii(value))
  }
}

/** The stream was tombstoned. */
export function streamDeleted(stream: string): Refusal {
  return new Refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  })
}

/** The stream's revision is not what the writer expected. */
export function wrongExpectedVersion(
  stream: string,
  expected: ExpectedRevision,
  current: number,
): Refusal {
  const wanted = typeof expected === 'number' ? expected : expectedCodes[expected]
  return new Refusal(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${wanted}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': `${wanted}`,
      'actual-version': `${current}`,
    },
  )
}

const expectedCodes = { Any: -2, NoStream: -1, StreamExists: -4 } as const

/** One append is larger than the store takes. */
export function maximumAppendSizeExceeded(bytesMax: number): Refusal {
  return new Refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytesMax} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': `${bytesMax}`,
  })
}

/** A call without valid credentials where the store asks for them, or a write that is not the client's. */
export function accessDenied(): Refusal {
  return new Refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })
}

/** A proposed event without its type. */
export function missingMetadata(): Refusal {
  return new Refusal(status.INVALID_ARGUMENT, 'Required Metadata Property type is missing', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  })
}

/** Deleting a metadata stream. */
export function invalidTransaction(): Refusal {
  return new Refusal(status.INVALID_ARGUMENT, 'a metadata stream cannot be deleted by itself', {
    exception: 'invalid-transaction',
  })
}

/** A write that breaks a rule. */
export function faulty(fault: WriteFault): Refusal {
  return fault.type === 'AccessDenied' ? accessDenied() : invalidArgument(fault.reason)
}

/** A request that no server could carry out. */
export function invalidArgument(details: string): Refusal {
  return new Refusal(status.INVALID_ARGUMENT, details)
}

/** EventStoreDB can do this, and this store cannot. */
export function unimplemented(what: string): Refusal {
  return new Refusal(status.UNIMPLEMENTED, `the embedded event store does not do this: ${what}`)
}

/** A client began a request and did not end it. */
export function timedOut(): Refusal {
  return new Refusal(status.ABORTED, 'the rest of the request did not come in time')
}

/** The disk or the file failed. */
export function storageFailed(reason: string): Refusal {
  return new Refusal(status.INTERNAL, `the event store cannot do this: ${reason}`)
}

/** The status for anything thrown while a call was served. */
export function toRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : storageFailed(explainStorageError(error))
}

function ascii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?')
}
