/** The line that stores a scope. */
export const scopeLine = (scope: string): string => `${JSON.stringify(scope)}\n`

/** The scopes in a file in the order of their numbers, up to the first line that is truncated or damaged. */
export function scopesIn(bytes: Buffer): readonly string[] {
  const found = new Set<string>()
  let begin = 0
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', begin)) {
    const line = bytes.subarray(begin, end + 1)
    const scope = scopeIn(line)
    // A scope that occurs twice was not written by one process.
    if (scope === undefined || found.has(scope)) break
    found.add(scope)
    begin = end + 1
  }
  return [...found]
}

function scopeIn(line: Buffer): string | undefined {
  try {
    const scope: unknown = JSON.parse(line.toString())
    if (typeof scope !== 'string') return undefined
    return line.equals(Buffer.from(scopeLine(scope))) ? scope : undefined
  } catch {
    return undefined
  }
}
