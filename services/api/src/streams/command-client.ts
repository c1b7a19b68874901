import { fieldsOf, jsonIn } from '@reckon/eventing'
import type { Status } from '@reckon/kubernetes'
import type { StreamOutcome, TerminalSize } from '@reckon/node-plane'

/** The client of `exec` or `attach`, independent of the protocol. */
export interface CommandClient {
  readonly stdin: AsyncIterable<Uint8Array>
  /** The sizes of the client's terminal, as they change. */
  readonly resizes: AsyncIterable<Uint8Array>
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal
  /** Writes; resolves when the client takes more, to false if it never will. */
  write(channel: 'stdout' | 'stderr', bytes: Uint8Array): Promise<boolean>
  /** Sends the final status, and closes the connection. */
  end(status: CommandStatus): Promise<void>
  /** Pings the client; one that does not answer is gone. */
  ping(): void
}

/** The final message (`v4.channel.k8s.io`): a `metav1.Status` with the exit code among its causes. */
export type CommandStatus = Pick<Status, 'metadata' | 'status' | 'message' | 'details'> & {
  reason?: string
  code?: number
}

/** The final status for an outcome. */
export function commandStatus(outcome: StreamOutcome): CommandStatus {
  if (outcome.type === 'Done' && outcome.exitCode === 0) return { metadata: {}, status: 'Success' }
  const failure = { metadata: {}, status: 'Failure' } as const
  if (outcome.type === 'Done') {
    const { exitCode } = outcome
    const message = `command terminated with non-zero exit code: exit status ${exitCode}`
    const causes = [{ reason: 'ExitCode', message: `${exitCode}` }]
    return { ...failure, message, reason: 'NonZeroExitCode', details: { causes } }
  }
  const why = outcome.type === 'Cancelled' ? 'the stream was given up' : outcome.message
  const message = `Internal error occurred: ${why}`
  return { ...failure, message, reason: 'InternalError', code: 500 }
}

/** A terminal size as clients send it: `{"Width":80,"Height":24}`. Undefined where it is malformed. */
export function terminalSizeIn(bytes: Uint8Array): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = fieldsOf(jsonIn(bytes))
    const isSize = (value: unknown) => Number.isInteger(value) && Number(value) > 0
    if (!isSize(width) || !isSize(height)) return undefined
    return { width: Number(width), height: Number(height) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
