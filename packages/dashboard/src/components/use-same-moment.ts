import { type Context, positionIn } from '../context.ts'
import { useRef } from '../html.ts'
import type { LogMark } from '../moment/log-mark.ts'
import { isSameMoment } from '../moment/same-moment.ts'

/**
 * A moment at which all that counts was as it is at this one: the one that was asked for before, as long as nothing is
 * known to have come between. So who goes from moment to moment asks once for what seldom changes.
 */
export function useSameMoment(
  { log, at }: Pick<Context, 'log' | 'at'>,
  counts: (mark: LogMark) => boolean,
): string | undefined {
  const asked = useRef(at)
  const seen = useRef(at)
  if (seen.current === at) return asked.current
  seen.current = at
  const before = asked.current
  const isKnown =
    at !== undefined &&
    before !== undefined &&
    isSameMoment(log.marks, [positionIn(before), positionIn(at)], counts)
  if (!isKnown) asked.current = at
  return asked.current
}
