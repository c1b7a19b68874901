/** The reasons of refusals, with their HTTP statuses. */
const httpStatus = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServerTimeout: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const

/** Why a request is refused, in Kubernetes' words (`metav1.StatusReason`). */
export type Reason = keyof typeof httpStatus

/** One of several causes of a refusal, usually about one field. */
export type StatusCause = { reason: string; message: string; field?: string }

/** Machine-readable particulars of a refusal (`metav1.StatusDetails`). */
export type StatusDetails = {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: readonly StatusCause[]
  retryAfterSeconds?: number
}

/** `metav1.Status` as it goes over the wire. */
export type Status = {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, never>
  status: 'Success' | 'Failure'
  message?: string
  reason?: Reason
  details?: StatusDetails
  code: number
}

/** A refusal: the one error that the API turns into a `metav1.Status` for its client. */
export class StatusError extends Error {
  readonly reason: Reason
  readonly code: number
  readonly details: StatusDetails | undefined

  constructor(reason: Reason, message: string, details?: StatusDetails, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StatusError'
    this.reason = reason
    this.code = httpStatus[reason]
    this.details = details
  }

  /** After how many seconds the client may retry; absent where it must not. */
  get retryAfterSeconds(): number | undefined {
    return this.details?.retryAfterSeconds
  }

  /** The refusal as it goes over the wire. */
  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

/** Whether the error is a refusal, and for this reason if one is given. */
export function isRefusal(error: unknown, reason?: Reason): error is StatusError {
  return error instanceof StatusError && (reason === undefined || error.reason === reason)
}
