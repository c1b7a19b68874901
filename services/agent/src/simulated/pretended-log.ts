import type { ContainerSpec, LogSelection } from '../runtime/runtime.ts'

/** What a command line says to `echo`. */
export const echoedLines = (line: string): readonly string[] =>
  Array.from(line.matchAll(/\becho ([^;&|]+)/g), ([, text = '']) => text.trim())

/** What its command line says to `echo`; another container's log says that it was started. */
function pretendedLines({ command = [], args = [], container, attempt }: ContainerSpec) {
  const lines = echoedLines([...command, ...args].join(' '))
  return lines.length > 0 ? lines : [`${container} was started (attempt ${attempt})`]
}

/** What a container that only is pretended has written, all of it when it started. */
export function pretendedLog(
  spec: ContainerSpec,
  startedAtMs: number,
  { timestamps, sinceMs = 0, tailLines }: Omit<LogSelection, 'follow'>,
): string {
  const lines = sinceMs > startedAtMs ? [] : pretendedLines(spec)
  const wanted =
    tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines))
  const prefix = timestamps ? `${new Date(startedAtMs).toISOString()} ` : ''
  return wanted.map((line) => `${prefix}${line}\n`).join('')
}
