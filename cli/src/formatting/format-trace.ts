import type { TraceNode } from '@reckon/domain'
import { authorText, timeText } from './history-text.ts'

/** What followed from a request, as the history API returns it. */
export type TraceAnswer = { causes: Omit<TraceNode, 'children'>[]; roots: TraceNode[] }

/** The number of lines shown; the rest is only counted. */
const linesMax = 300

/** What followed from a request as a tree; equal siblings are merged to one line. Pure. */
export function formatTrace({ causes, roots }: TraceAnswer): string {
  const way = causes.map(({ type, stream }) => `${type} ${stream}`).join('\n  → ')
  const lines = roots.flatMap((root) => [
    `${root.type} ${root.stream}  ${timeText(root.author.time)}  ${root.author.position}  by ${authorText(root.author)}`,
    ...linesBelow(root.children, ''),
  ])
  const shown = lines.slice(0, linesMax)
  if (lines.length > linesMax) shown.push(`and ${lines.length - linesMax} lines more (-o json)`)
  return [...(causes.length > 1 ? [`how it came about:\n    ${way}`, ''] : []), ...shown].join('\n')
}

function linesBelow(nodes: readonly TraceNode[], indent: string): string[] {
  const groups = [...Map.groupBy(nodes, shapeOf).values()]
  return groups.flatMap((group, at) => {
    const isLast = at === groups.length - 1
    const [first] = group
    if (first === undefined) return []
    return [
      `${indent}${isLast ? '└' : '├'} ${groupText(first, group)}`,
      ...linesBelow(first.children, `${indent}${isLast ? ' ' : '│'} `),
    ]
  })
}

function groupText(first: TraceNode, group: readonly TraceNode[]): string {
  const took = group.map(({ tookMs = 0 }) => tookMs)
  const [least, most] = [Math.min(...took), Math.max(...took)]
  const time = least === most ? `+${least} ms` : `+${least}–${most} ms`
  const count = group.length > 1 ? ` × ${group.length}` : ''
  return `${first.type}${count} ${first.stream}  ${time}  ${first.author.user}`
}

/** Subtrees with the same text differ only in names and times. */
const shapeOf = ({ type, stream, children }: TraceNode): string =>
  `${type} ${stream.split('-')[0]} (${[...new Set(children.map(shapeOf))].sort().join()})`
