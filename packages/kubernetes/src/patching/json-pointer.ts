/** The number of parsed pointers to cache: recorded patches name the same few fields again and again. */
const keptMax = 2048
const kept = new Map<string, readonly string[]>()

/** The tokens of a JSON pointer (RFC 6901); none for the whole document. */
export function tokensOf(pointer: string): readonly string[] {
  const known = kept.get(pointer)
  if (known !== undefined) return known
  const tokens = pointer.split('/').slice(1).map(unescaped)
  if (kept.size >= keptMax) kept.clear()
  kept.set(pointer, tokens)
  return tokens
}

const unescaped = (token: string): string =>
  token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token

/** A field's name as a token of a pointer. */
export const escaped = (token: string): string =>
  /[~/]/.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token
