/**
 * The reasons in an unschedulable pod's message, and those of the preemption attempt, as one text without the numbers
 * of nodes: equal texts mean that nothing new is to be reported.
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
