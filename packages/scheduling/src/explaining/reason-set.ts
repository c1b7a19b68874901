/**
 * The reasons in an unschedulable pod's message, and why nobody leaves for it, without how many nodes each is true of,
 * as one text.
 */
export function reasonSet(message: string): string {
  const [nodes = '', ...preemption] = message.split(' preemption: ')
  return [nodes, ...preemption].map(reasonsIn).join('; preemption: ')
}

function reasonsIn(message: string): string {
  const start = message.indexOf(': ')
  if (start < 0) return message
  const reasons = message
    .slice(start + 2)
    .replace(/\.$/, '')
    .split(', ')
  return [...new Set(reasons.map((reason) => reason.replace(/^\d+ /, '')))].sort().join(', ')
}
