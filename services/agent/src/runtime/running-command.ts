import type { TerminalSize } from '@reckon/node-plane'

/** Output of a process; on a terminal all of it is `stdout`. */
export type Output = { channel: 'stdout' | 'stderr'; bytes: Uint8Array }

/** A process in a container with an attached client. Nothing is read ahead of a slow reader. */
export interface RunningCommand {
  /** Its output, until it ends or is left. For one reader. */
  readonly output: AsyncIterable<Output>
  /** Resolves when more can be written; false where the process accepts no more. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Ends its input. */
  endInput(): void
  /** Resizes its terminal; does nothing where it has none, or has ended. */
  resize(size: TerminalSize): Promise<void>
  /** Resolves with its exit code; to be called after its output has ended. */
  exitCode(): Promise<number>
  /**
   * Detaches. A command that was started for the client is killed with everything it has started; a container's main
   * process goes on.
   */
  leave(): Promise<void>
}
