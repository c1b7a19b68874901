import type { Outcome, ReplayReport } from './replay.ts'
import { tableDifferences } from './table-differences.ts'

/** The report as text for people: a line, what could not be verified, and the first divergence side by side. */
export function formatReplay(report: ReplayReport): string {
  const { decisions, divergences, otherVersions, unverifiable, overlapping } = report
  const { digest, firstDivergence } = report
  const counted = [several(decisions, 'decision'), several(divergences, 'divergence')]
  const lines = [`${counted.join(', ')}, digest ${digest}`]
  if (otherVersions > 0) lines.push(`${otherVersions} decided by another version`)
  if (overlapping > 0) lines.push(`${overlapping} recorded after one of a newer term`)
  if (unverifiable.length > 0) lines.push(`${unverifiable.length} unverifiable:`)
  for (const { pod, position, term, number, why } of unverifiable.slice(0, shownMax)) {
    lines.push(`  ${pod}, term ${term}, decision ${number} at ${position}: ${why}`)
  }
  if (unverifiable.length > shownMax) lines.push('  …')
  if (firstDivergence) {
    const { pod, position, term, number, recorded, recomputed } = firstDivergence
    lines.push('', `First divergence: ${pod}, term ${term}, decision ${number} at ${position}`)
    for (const [what, then, now] of differences(recorded, recomputed)) {
      lines.push(`  ${what}`, `    recorded    ${then}`, `    recomputed  ${now}`)
    }
    lines.push(...tableDifferences(recorded.table, recomputed.table))
  }
  return `${lines.join('\n')}\n`
}

const several = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const shownMax = 10

const parts = ['nodeName', 'message', 'tie', 'state', 'digest', 'nomination'] as const

function differences(recorded: Outcome, recomputed: Outcome): [string, string, string][] {
  return parts.flatMap((part): [string, string, string][] => {
    const [then, now] = [JSON.stringify(recorded[part]), JSON.stringify(recomputed[part])]
    return then === now ? [] : [[part, then ?? 'nothing', now ?? 'nothing']]
  })
}
