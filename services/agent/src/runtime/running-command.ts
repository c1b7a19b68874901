import type { TerminalSize } from '@reckon/node-plane'

/** What a process has written on one of its outputs; on a terminal all is `stdout`. */
export type Output = { channel: 'stdout' | 'stderr'; bytes: Uint8Array }

/** A process in a container, joined with whoever looks on. Nothing is read ahead of a slow reader. */
export interface RunningCommand {
  /** What it writes, until it ends or is left. For one reader. */
  readonly output: AsyncIterable<Output>
  /** Resolves when the process takes more; false where it takes no more at all. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Nothing more is written to it. */
  endInput(): void
  /** Its terminal has another size; where it has none, or has ended, nothing happens. */
  resize(size: TerminalSize): Promise<void>
  /** To be asked once its output has ended: resolves with its exit code when it has, too. */
  exitCode(): Promise<number>
  /**
   * Nobody looks on any more. What was begun for them and has not ended is killed with all that it has begun; a
   * container's main process goes on.
   */
  leave(): Promise<void>
}
