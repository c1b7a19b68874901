/** Whether a subject falls under a NATS pattern: `*` is one token, `>` at the end the rest (at least one). */
export function subjectMatches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.')
  const tokens = subject.split('.')
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return tokens.length > index
    if (index >= tokens.length || (token !== '*' && token !== tokens[index])) return false
  }
  return wanted.length === tokens.length
}
