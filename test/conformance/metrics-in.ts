/** Names between braces, brackets and quotes, and after `by`, are labels and times rather than metrics. */
const asides =
  /"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g
/** A word that is no function; one that is recorded may begin and end with a colon. */
const name = /(?<![\w:])[a-z:][\w:]*(?![\w:]|\s*\()/gi
const operators = new Set(['and', 'or', 'unless', 'by', 'on', 'bool', 'offset', 'group_left'])

/** The names of the metrics in a PromQL expression. Pure. */
export const metricsIn = (expression: string): string[] => {
  const bare = expression.replace(asides, ' ')
  return [...bare.matchAll(name)].map(([found]) => found).filter((found) => !operators.has(found))
}
