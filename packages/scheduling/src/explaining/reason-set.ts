/** The reasons in an unschedulable pod's message without how many nodes each is true of, as one text. */
export function reasonSet(message: string): string {
  const start = message.indexOf(': ')
  if (start < 0) return message
  const reasons = message
    .slice(start + 2)
    .replace(/\.$/, '')
    .split(', ')
  return [...new Set(reasons.map((reason) => reason.replace(/^\d+ /, '')))].sort().join(', ')
}
