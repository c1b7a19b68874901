import type { NodeVerdict, VerdictTable } from '@reckon/domain'

/** The verdicts by columns: an eighth of their size as objects. `filters` are all filter plugins in their order. */
export function tableOf(
  verdicts: readonly NodeVerdict[],
  filters: readonly string[],
): VerdictTable {
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
    nodes: nodeNames(verdicts.map(({ node }) => node)),
    filters: [...filters],
    rejections,
    verdicts: short(column),
    scores: Object.fromEntries(
      plugins.map((plugin) => [plugin, short(scored.map((scores) => scores[plugin] ?? 0))]),
    ),
  }
}

/** The content of a table, node by node. */
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
export function withoutZeros(table: VerdictTable): VerdictTable {
  const scores: VerdictTable['scores'] = {}
  for (const plugin in table.scores) {
    const column = table.scores[plugin] ?? 0
    if (column !== 0) scores[plugin] = column
  }
  return { ...table, scores }
}

const at = (column: number | readonly number[], index: number): number =>
  typeof column === 'number' ? column : (column[index] ?? 0)

/** One number where all are equal. */
export function short(column: readonly number[]): number | number[] {
  const [first] = column
  return first !== undefined && isAll(column, first) ? first : [...column]
}

function isAll(column: readonly number[], value: number): boolean {
  for (const each of column) if (each !== value) return false
  return true
}

/** Nodes' names without what all begin and end with. */
export function nodeNames(names: readonly string[]): VerdictTable['nodes'] {
  const [first = '', ...others] = names
  // One name alone is all there is to tell.
  let start = others.length === 0 ? 0 : first.length
  for (const name of others) {
    let length = 0
    while (length < start && name.charCodeAt(length) === first.charCodeAt(length)) length += 1
    start = length
  }
  let end = others.length === 0 ? 0 : first.length - start
  for (const name of others) {
    const most = Math.min(end, name.length - start)
    let length = 0
    while (length < most && fromEnd(name, length) === fromEnd(first, length)) length += 1
    end = length
  }
  return {
    prefix: first.slice(0, start),
    suffix: first.slice(first.length - end),
    names: names.map((name) => name.slice(start, name.length - end)),
  }
}

const fromEnd = (text: string, index: number): number => text.charCodeAt(text.length - 1 - index)
