import { isDeepEqual } from '../json/deep-equal.ts'

type List = readonly unknown[]

/** One step from a list to another, with the index of its item in the one (an addition comes behind it) and the other. */
export type ListEdit = { op: 'add' | 'remove' | 'replace'; from: number; to: number }

/**
 * The fewest additions, removals and replacements of items that lead from one list to the other, in the order of the
 * lists (Levenshtein). Of several such ways the one that `rfc6902` finds. It writes down the changes between any two
 * items only to see whether there are any, which takes fifty times as long for the conditions of a pod.
 */
export function listEdits(before: List, after: List): ListEdit[] {
  let [from, to] = [before.length, after.length]
  while (from > 0 && to > 0 && isDeepEqual(before[from - 1], after[to - 1])) {
    from--
    to--
  }
  const costs = costsOf(before, after, from, to)
  const edits: ListEdit[] = []
  while (from > 0 || to > 0) {
    const op = costs.stepTo(from, to)
    if (op !== undefined) edits.push({ op, from: from - 1, to: to - 1 })
    if (op !== 'add') from--
    if (op !== 'remove') to--
  }
  return edits.reverse()
}

const steps = [undefined, 'remove', 'add', 'replace'] as const

/** The last step of the cheapest way to each pair of beginnings of the two lists. */
function costsOf(before: List, after: List, rows: number, columns: number) {
  const width = columns + 1
  const last = new Uint8Array((rows + 1) * width)
  let above = new Uint16Array(width)
  let costs = new Uint16Array(width)
  for (let to = 1; to <= columns; to++) {
    above[to] = to
    last[to] = 2
  }
  for (let from = 1; from <= rows; from++) {
    costs[0] = from
    last[from * width] = 1
    for (let to = 1; to <= columns; to++) {
      const [removed = 0, added = 0, replaced = 0] = [above[to], costs[to - 1], above[to - 1]]
      const least = Math.min(removed, added, replaced)
      const isSame = isDeepEqual(before[from - 1], after[to - 1])
      costs[to] = isSame ? replaced : least + 1
      // Where several are as cheap, the first of these.
      const step = removed === least ? 1 : added === least ? 2 : 3
      last[from * width + to] = isSame ? 0 : step
    }
    ;[above, costs] = [costs, above]
  }
  return { stepTo: (from: number, to: number) => steps[last[from * width + to] ?? 0] }
}
