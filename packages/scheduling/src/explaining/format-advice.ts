import type { Advice } from './advice.ts'
import type { WhyNot } from './why-not.ts'

/** What a pending pod waits for, and what would place it, as lines for people. */
export function formatAdvice({ outlook, why, message, changes }: Advice): string[] {
  const lines = [`Now: ${why}`]
  if (message) lines.push(`     ${message}`)
  if (changes.length === 0) {
    const isTried = outlook !== 'NotTried' && outlook !== 'Soon'
    return isTried ? [...lines, '', 'No single change that was tried would place it.'] : lines
  }
  const width = Math.max(...changes.map(({ change }) => change.length))
  return [
    ...lines,
    '',
    'Any one of these would place it (each was tried on the scheduler):',
    ...changes.map(({ change, nodeName }) => `  ${change.padEnd(width)}  → ${nodeName}`),
  ]
}

/** Why a pod is not on a node, as text for people. */
export function formatWhyNot(pod: string, whyNot: WhyNot): string {
  const { node, isThere, plugins, total, best } = whyNot
  const against = plugins.filter(({ reason }) => reason !== undefined)
  return [
    isThere ? `pod/${pod} is on ${node}` : verdict(pod, whyNot, against.length),
    '',
    ...plugins.map(({ plugin, reason, score }) => {
      const own = best?.scores?.[plugin]
      const compared =
        score === undefined || own === undefined || own === score ? '' : ` (${best?.node}: ${own})`
      const scored = score === undefined ? '' : `scores ${score}${compared}`
      return `  ${plugin.padEnd(32)} ${reason === undefined ? scored || 'passes' : `rejects: ${reason}`}`
    }),
    ...(total !== undefined && best && best.node !== node
      ? ['', `  ${node} scores ${total} in all, ${best.node} ${best.total}`]
      : []),
  ].join('\n')
}

function verdict(pod: string, { node, total, best }: WhyNot, against: number): string {
  if (against > 0) return `pod/${pod} does not fit ${node}: ${against} of its rules reject it`
  if (best?.node === node) return `pod/${pod} would go to ${node} now`
  if (total === best?.total)
    return `pod/${pod} fits ${node} as well as ${best?.node}, which its uid draws`
  return `pod/${pod} fits ${node}, but ${best?.node} is better`
}
