import { classes, classOf, isLater, type LogMark, type MarkClass } from './log-mark.ts'
import { type Span, shareOf } from './time-scale.ts'

/** How many events of each class fall into each of the equal parts of a span. */
export type Density = { readonly [name in MarkClass]: readonly number[] }

export function densityOf(marks: readonly LogMark[], span: Span, parts: number): Density {
  const counts = new Map(classes.map((name) => [name, new Array<number>(parts).fill(0)]))
  for (const mark of marks) {
    const part = Math.floor(shareOf(span, mark.timeMs) * parts)
    const column = counts.get(classOf(mark))
    if (column !== undefined && part >= 0 && part < parts) column[part] = (column[part] ?? 0) + 1
  }
  const of = (name: MarkClass) => counts.get(name) ?? []
  return {
    people: of('people'),
    controllers: of('controllers'),
    nodes: of('nodes'),
    trouble: of('trouble'),
  }
}

/** How many events of all classes fall into each part. */
export const totalsOf = (density: Density, parts: number): readonly number[] =>
  Array.from({ length: parts }, (_, part) =>
    classes.reduce((sum, name) => sum + (density[name][part] ?? 0), 0),
  )

/**
 * Bars of a density as outlines in a box of `parts` by 1, one for each class, stacked in their order; heights by the
 * square root where nothing else is said, so that one event beside a thousand is still seen.
 */
export function outlinesOf(
  density: Density,
  parts: number,
  heightOf: (share: number) => number = Math.sqrt,
): { [name in MarkClass]: string } {
  const totals = totalsOf(density, parts)
  const most = Math.max(1, ...totals)
  const outlines = { people: '', controllers: '', nodes: '', trouble: '' }
  totals.forEach((total, part) => {
    if (total === 0) return
    const height = heightOf(total / most)
    let top = 1
    for (const name of classes) {
      const share = ((density[name][part] ?? 0) / total) * height
      if (share === 0) continue
      const [y, x] = [top - share, part + 0.12]
      outlines[name] += `M${x} ${short(top)}V${short(y)}h.76V${short(top)}z`
      top = y
    }
  })
  return outlines
}

const short = (value: number): string => String(Math.round(value * 1_000) / 1_000)

/**
 * The event that lies so many after the moment (before it, if negative) among those of the marks that count; undefined
 * where there is none. `at` undefined is the present.
 */
export function neighbour(
  marks: readonly LogMark[],
  at: string | undefined,
  { steps, counts }: { steps: number; counts: (mark: LogMark) => boolean },
): LogMark | undefined {
  if (steps < 0) {
    // From now on the newest of those that count is where one is.
    let left = at === undefined ? -steps + 1 : -steps
    const isBefore = ({ position }: LogMark) => at === undefined || isLater(at, position)
    return marks.findLast((mark) => isBefore(mark) && counts(mark) && --left === 0)
  }
  if (at === undefined) return undefined
  let left = steps
  return marks.find((mark) => isLater(mark.position, at) && counts(mark) && --left === 0)
}

/** The last event that was recorded by a time; undefined where the marks begin later. */
export const lastBy = (marks: readonly LogMark[], timeMs: number): LogMark | undefined =>
  marks.findLast((mark) => mark.timeMs <= timeMs)
