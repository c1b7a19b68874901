/** Why a process ended, by the output that is left of it: the message of the last line, or that line. */
export function loggedReason(output: string): string {
  const last = output.trim().split('\n').at(-1) ?? ''
  const [, quoted] = /"message":("(?:[^"\\]|\\.)*")/.exec(last) ?? []
  return quoted === undefined ? last : String(JSON.parse(quoted))
}
