import { fieldsOf, jsonIn } from '@reckon/eventing'
import type { Status } from '@reckon/kubernetes'
import type { StreamOutcome, TerminalSize } from '@reckon/node-plane'

/** The client of `exec` or `attach`, whichever protocol it speaks. */
export interface CommandClient {
  readonly stdin: AsyncIterable<Uint8Array>
  /** Each one is a size of the client's terminal. */
  readonly resizes: AsyncIterable<Uint8Array>
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal
  /** Resolves when the client takes more; false where it takes no more at all. */
  write(channel: 'stdout' | 'stderr', bytes: Uint8Array): Promise<boolean>
  /** Tells how it ended, and ends the connection. */
  end(status: CommandStatus): Promise<void>
  /** Asks whether the client lives: one that does not is gone after that. */
  ping(): void
}

/** What the client is told at the end (`v4.channel.k8s.io`): `metav1.Status`, of which the exit code is a cause. */
export type CommandStatus = Pick<Status, 'metadata' | 'status' | 'message' | 'details'> & {
  reason?: string
  code?: number
}

/** How it ended, in the client's words. */
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

/** The size of a terminal as clients tell it: `{"Width":80,"Height":24}`. Undefined where it makes no sense. */
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
