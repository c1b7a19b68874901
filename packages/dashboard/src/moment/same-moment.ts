import { isLater, type LogMark } from './log-mark.ts'

const isPosition = (moment: string): boolean => /^\d+$/.test(moment)

/**
 * Whether nothing that counts was recorded between two moments, by their positions; false where the marks do not reach
 * over both, or a moment is named otherwise. Pure.
 */
export function isSameMoment(
  marks: readonly LogMark[],
  [one, other]: readonly [string, string],
  counts: (mark: LogMark) => boolean,
): boolean {
  if (one === other) return true
  if (!isPosition(one) || !isPosition(other)) return false
  const [from, to] = isLater(one, other) ? [other, one] : [one, other]
  const [first] = marks
  const last = marks.at(-1)
  if (first === undefined || last === undefined) return false
  if (isLater(first.position, from) || isLater(to, last.position)) return false
  const isDecisive = (mark: LogMark) =>
    !isLater(mark.position, from) || (!isLater(mark.position, to) && counts(mark))
  const decisive = marks.findLast(isDecisive)
  return decisive === undefined || !isLater(decisive.position, from)
}

/** When a position was recorded, where it is one of the marks. */
export const timeOfMark = (marks: readonly LogMark[], at: string): number | undefined =>
  marks.findLast(({ position }) => position === at)?.timeMs
