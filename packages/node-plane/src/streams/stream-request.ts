/** A container of a pod; `id` is the runtime's own, as the pod's status tells it. */
export type StreamedContainer = {
  pod: { namespace: string; name: string; uid: string }
  container: string
  id: string
}

/** Which part of a container's log is wanted, and how. */
export type LogOptions = {
  /** Goes on with what is written from now on, until the container ends. */
  follow: boolean
  /** Each line begins with the time at which it was written. */
  timestamps: boolean
  /** Only what was written in so many seconds before now. */
  sinceSeconds?: number
  /** Only what was written since (RFC 3339). */
  sinceTime?: string
  /** Only so many of the last lines. */
  tailLines?: number
  /** Ends after so many bytes. */
  limitBytes?: number
}

/** Which of a process' streams are wanted; on a terminal there is no stderr. */
export type ProcessStreams = { stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean }

/** What a node tells of itself, under a kubelet's names. */
export const nodeQuestions = ['healthz', 'metrics', 'cadvisor', 'resource', 'pods'] as const
export type NodeQuestion = (typeof nodeQuestions)[number]

/** What api asks of a node; each takes as long as the stream lasts. */
export type StreamRequest =
  /** What a container has written: on `stdout`. */
  | ({ type: 'Log'; options: LogOptions } & StreamedContainer)
  /** Runs a command in a container. */
  | ({ type: 'Exec'; command: readonly string[]; streams: ProcessStreams } & StreamedContainer)
  /** Joins the streams of a container's main process. */
  | ({ type: 'Attach'; streams: ProcessStreams } & StreamedContainer)
  /** One connection to a port of a pod: there on `stdin`, back on `stdout`. */
  | { type: 'PortForward'; pod: StreamedContainer['pod']; port: number }
  /** What the node tells of itself: on `stdout`. */
  | { type: 'Node'; question: NodeQuestion }

/**
 * What flows in a stream: `stdin` and `resize` to the node, the others from it. Each `resize` is one `TerminalSize`.
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
  /** All was said; with the exit code of what was run, where something was. */
  | { type: 'Done'; exitCode: number }
  /** The node cannot, or could not go on. */
  | { type: 'Refused'; reason: RefusalReason; message: string }
  /** Nobody wants it any more. */
  | { type: 'Cancelled' }
  /** The other end is silent, or something of it is missing. */
  | { type: 'Lost'; message: string }
