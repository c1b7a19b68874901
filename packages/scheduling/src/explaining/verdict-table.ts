import type { NodeVerdict, VerdictTable } from '@reckon/domain'

/** The verdicts by columns: an eighth of their size as objects. `filters` are all filter plugins in their order. */
export function tableOf(
  verdicts: readonly NodeVerdict[],
  filters: readonly string[],
): VerdictTable {
  const names = verdicts.map(({ node }) => node)
  const prefix = commonStart(names)
  const suffix = reversed(commonStart(names.map((name) => reversed(name.slice(prefix.length)))))
  const rejections: VerdictTable['rejections'] = []
  const column = verdicts.map(({ rejectedBy }) => {
    if (rejectedBy === undefined) return -1
    const isSame = (each: typeof rejectedBy) =>
      each.plugin === rejectedBy.plugin && each.reason === rejectedBy.reason
    const known = rejections.findIndex(isSame)
    return known < 0 ? rejections.push(rejectedBy) - 1 : known
  })
  const scored = verdicts.flatMap(({ scores }) => (scores ? [scores] : []))
  const plugins = Object.keys(scored[0] ?? {})
  return {
    nodes: {
      prefix,
      suffix,
      names: names.map((name) => name.slice(prefix.length, name.length - suffix.length)),
    },
    filters: [...filters],
    rejections,
    verdicts: short(column),
    scores: Object.fromEntries(
      plugins.map((plugin) => [plugin, short(scored.map((scores) => scores[plugin] ?? 0))]),
    ),
  }
}

/** What a table says, node by node. */
export function verdictsIn({
  nodes,
  filters,
  rejections,
  verdicts,
  scores,
}: VerdictTable): NodeVerdict[] {
  let suiting = -1
  return nodes.names.map((name, index): NodeVerdict => {
    const node = `${nodes.prefix}${name}${nodes.suffix}`
    const rejectedBy = rejections[at(verdicts, index)]
    if (rejectedBy !== undefined) {
      const passed = filters.slice(0, filters.indexOf(rejectedBy.plugin))
      return { node, rejectedBy, passed }
    }
    suiting += 1
    const own = Object.entries(scores).map(
      ([plugin, column]) => [plugin, at(column, suiting)] as const,
    )
    const total = own.reduce((sum, [, score]) => sum + score, 0)
    return { node, passed: [...filters], scores: Object.fromEntries(own), total }
  })
}

/**
 * Without scores that are 0 on every node. Nothing follows from these, and whether they are there does not follow from
 * the state alone: a plugin gives them for terms that no pod holds any more, which only who has seen those pods has
 * heard of.
 */
export const withoutZeros = (table: VerdictTable): VerdictTable => ({
  ...table,
  scores: Object.fromEntries(Object.entries(table.scores).filter(([, column]) => column !== 0)),
})

const at = (column: number | readonly number[], index: number): number =>
  typeof column === 'number' ? column : (column[index] ?? 0)

function short(column: readonly number[]): number | number[] {
  const [first] = column
  return first !== undefined && column.every((value) => value === first) ? first : [...column]
}

function commonStart([first = '', ...others]: readonly string[]): string {
  // One name alone is all there is to tell.
  if (others.length === 0) return ''
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

const reversed = (text: string): string => [...text].reverse().join('')
