import { RE2JS } from 're2js'

const compiledMax = 1000
const compiled = new Map<string, RE2JS>()

/** Whether a text matches a user's pattern, in Go's syntax and in time linear in the text. */
export function matchesPattern(pattern: string, text: string): boolean {
  const known = compiled.get(pattern)
  const expression = known ?? RE2JS.compile(pattern)
  if (known === undefined) {
    if (compiled.size >= compiledMax) compiled.clear()
    compiled.set(pattern, expression)
  }
  return expression.matcher(text).find()
}

/** Why a text is not a valid pattern; empty if it is. */
export function patternProblem(pattern: string): string {
  try {
    RE2JS.compile(pattern)
    return ''
  } catch (error) {
    return `must be a valid regular expression, but isn't: ${error instanceof Error ? error.message : error}`
  }
}
