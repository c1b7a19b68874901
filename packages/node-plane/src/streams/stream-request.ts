/** A container of a pod; `id` is the runtime's own, as the pod's status tells it. */
export type StreamedContainer = {
  pod: { namespace: string; name: string; uid: string }
  container: string
  id: string
}

/** Which part of a container's log to send, and how. */
export type LogOptions = {
  /** Continue with new output until the container ends. */
  follow: boolean
  /** Prefix each line with the time at which it was written. */
  timestamps: boolean
  /** Only output of the last so many seconds. */
  sinceSeconds?: number
  /** Only output since this time (RFC 3339). */
  sinceTime?: string
  /** Only the last so many lines. */
  tailLines?: number
  /** Stop after so many bytes. */
  limitBytes?: number
}

/** Which of a process' streams to connect; with a terminal there is no stderr. */
export type ProcessStreams = { stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean }

/** Reports about the node itself, under a kubelet's names. */
export const nodeQuestions = ['healthz', 'metrics', 'cadvisor', 'resource', 'pods'] as const
export type NodeQuestion = (typeof nodeQuestions)[number]

/** The requests of the api; each lasts as long as its stream. */
export type StreamRequest =
  /** A container's log, sent on `stdout`. */
  | ({ type: 'Log'; options: LogOptions } & StreamedContainer)
  /** Runs a command in a container. */
  | ({ type: 'Exec'; command: readonly string[]; streams: ProcessStreams } & StreamedContainer)
  /** Attaches to a container's main process. */
  | ({ type: 'Attach'; streams: ProcessStreams } & StreamedContainer)
  /** A connection to a port of a pod: `stdin` to the pod, `stdout` back. */
  | { type: 'PortForward'; pod: StreamedContainer['pod']; port: number }
  /** A report about the node itself, sent on `stdout`. */
  | { type: 'Node'; question: NodeQuestion }

/**
 * The channels of a stream: `stdin` and `resize` to the node, the others from it. Each `resize` message is one
 * `TerminalSize`.
 */
export const channels = ['stdin', 'stdout', 'stderr', 'resize'] as const
export type Channel = (typeof channels)[number]

export type TerminalSize = { width: number; height: number }

/** What a node may give as the reason of a refusal. */
export const refusalReasons = [
  'BadRequest',
  'NotFound',
  'InternalError',
  'ServiceUnavailable',
  'TooManyRequests',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** How a stream ended. */
export type StreamOutcome =
  /** Completed; with the exit code if a command was run. */
  | { type: 'Done'; exitCode: number }
  /** The node cannot, or could not go on. */
  | { type: 'Refused'; reason: RefusalReason; message: string }
  /** Nobody wants it any more. */
  | { type: 'Cancelled' }
  /** The other end is silent, or one of its messages is missing. */
  | { type: 'Lost'; message: string }
