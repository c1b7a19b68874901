import type { ContainerSpec, LogSelection } from '../runtime/runtime.ts'

/** The lines that a container's command line says to `echo`; another one's log says that it has started. */
function pretendedLines({ command = [], args = [], container, attempt }: ContainerSpec) {
  const echoes = [...command, ...args].join(' ').matchAll(/\becho ([^;&|]+)/g)
  const lines = Array.from(echoes, ([, text = '']) => text.trim())
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
