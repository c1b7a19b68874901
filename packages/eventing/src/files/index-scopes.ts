/** A scope as a line of its file. */
export const scopeLine = (scope: string): string => `${JSON.stringify(scope)}\n`

/** The scopes that stand in a file, by their numbers, up to what is torn or damaged. */
export function scopesIn(bytes: Buffer): readonly string[] {
  const found = new Set<string>()
  let begin = 0
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', begin)) {
    const line = bytes.subarray(begin, end + 1)
    const scope = scopeIn(line)
    // What stands there twice was not written by one process.
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
