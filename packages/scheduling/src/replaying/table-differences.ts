import type { NodeVerdict, VerdictTable } from '@reckon/domain'
import { isDeepEqual } from '@reckon/kubernetes'
import { aligned } from '../aligned.ts'
import { verdictsIn } from '../placing/verdict-table.ts'

const shownMax = 10

/** Two tables of verdicts side by side, as lines: of each node that they tell otherwise what is otherwise about it. */
export function tableDifferences(
  recorded: VerdictTable | undefined,
  recomputed: VerdictTable | undefined,
): string[] {
  const [then, now] = [byNode(recorded), byNode(recomputed)]
  const names = [...new Set([...then.keys(), ...now.keys()])].sort()
  const others = names.filter((name) => !isDeepEqual(then.get(name), now.get(name)))
  if (others.length === 0) return []
  const rows = others.slice(0, shownMax).map((name) => {
    const [one, other] = [then.get(name), now.get(name)]
    return [name, verdictText(one, other), verdictText(other, one)]
  })
  return [
    '  table',
    ...aligned([['NODE', 'RECORDED', 'RECOMPUTED'], ...rows]).map((line) => `    ${line}`),
    ...(others.length > shownMax ? ['    …'] : []),
  ]
}

const byNode = (table: VerdictTable | undefined): Map<string, NodeVerdict> =>
  new Map((table ? verdictsIn(table) : []).map((verdict) => [verdict.node, verdict]))

/** A verdict as far as the other one is not the same. */
function verdictText(verdict: NodeVerdict | undefined, other: NodeVerdict | undefined): string {
  if (verdict === undefined) return 'not there'
  if (verdict.rejectedBy) return `${verdict.rejectedBy.plugin}: ${verdict.rejectedBy.reason}`
  const scores = Object.entries(verdict.scores ?? {})
    .filter(([plugin, score]) => other?.scores?.[plugin] !== score)
    .map(([plugin, score]) => `${plugin} ${score}`)
  const total = `${verdict.total ?? 'suits'}`
  return scores.length > 0 && !other?.rejectedBy ? `${total} (${scores.join(', ')})` : total
}
