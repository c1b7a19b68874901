import type { ContainerSpec, LogSelection } from '../runtime/runtime.ts'

/** The lines that a command line gives to `echo`. */
export const echoedLines = (line: string): readonly string[] =>
  Array.from(line.matchAll(/\becho ([^;&|]+)/g), ([, text = '']) => text.trim())

/** The output of a container: what its command line gives to `echo`, or else that it was started. */
function simulatedLines({ command = [], args = [], container, attempt }: ContainerSpec) {
  const lines = echoedLines([...command, ...args].join(' '))
  return lines.length > 0 ? lines : [`${container} was started (attempt ${attempt})`]
}

/** The log of a simulated container, all of it written when it started. */
export function simulatedLog(
  spec: ContainerSpec,
  startedAtMs: number,
  { timestamps, sinceMs = 0, tailLines }: Omit<LogSelection, 'follow'>,
): string {
  const lines = sinceMs > startedAtMs ? [] : simulatedLines(spec)
  const wanted =
    tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines))
  const prefix = timestamps ? `${new Date(startedAtMs).toISOString()} ` : ''
  return wanted.map((line) => `${prefix}${line}\n`).join('')
}
